// Runs one program of the tree on MicroPython for WebAssembly: node wasm32.mjs PLAN, from tools/wasm32.py.
//
// PLAN is a JSON object: `interpreter` (path of micropython.mjs), `heap_bytes`, `stack_words`, `files` (pairs of a file
// here and its path there), `argv`, and `program`, the dotted name of a module. The module is imported, and does its
// work then; or it has a function step(), which is called until it returns false. This interpreter frees memory only
// between two such calls, never while one runs.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

// Whatever MicroPython calls inside a try block goes through a table of functions, a thousand times a tick, and to read
// the table takes V8 longer than the rest of the call. Nothing in it ever changes: a third of the time is saved.
const readTable = WebAssembly.Table.prototype.get;
WebAssembly.Table.prototype.get = function (index) {
    const known = (this.known ??= []);
    return (known[index] ??= readTable.call(this, index));
};

const plan = JSON.parse(process.argv[2]);
const { loadMicroPython } = await import(pathToFileURL(plan.interpreter));

// Written at once, also while Python runs: who waits for the lines can show how far it is.
function say(stream) {
    return (line) => {
        try {
            fs.writeSync(stream, line + "\n");
        } catch (error) {
            if (error.code !== "EPIPE") throw error;
            process.exit(1); // nobody listens any more
        }
    };
}

const micropython = await loadMicroPython({
    heapsize: plan.heap_bytes,
    pystack: plan.stack_words,
    stdout: say(1),
    stderr: say(2),
    linebuffer: true,
});

try {
    for (const [here, there] of plan.files) {
        micropython.FS.mkdirTree(path.posix.dirname(there));
        if (here) {
            micropython.FS.writeFile(there, fs.readFileSync(here));
        }
    }
    // A JSON list of strings is a Python list of strings.
    micropython.runPython(`
import sys
sys.path[:] = [${JSON.stringify(plan.root)}]
sys.argv[:] = ${JSON.stringify(plan.argv)}
import ${plan.program} as program
`);
    const program = micropython.globals.get("program");
    if ("step" in program) {
        while (program.step()) {}
    }
} catch (error) {
    say(2)(error.message.trimEnd());
    process.exitCode = 1;
}
