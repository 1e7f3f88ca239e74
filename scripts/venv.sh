# Sourced by the scripts beside it: makes .venv once, again only when what it is made from has changed.
# After it, "$python" runs in .venv. The caller stands in the project's folder.

refuse() {
    printf '%s\n' "$1" >&2
    exit 1
}

suitable_python() {
    local name
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    return 1
}

make_venv() { # $1: "" or "dev"
    local base stamp wanted
    python="$PWD/.venv/bin/python"
    stamp="$PWD/.venv/made-from"
    wanted="$(printf '%s\n' "$PWD" | cat - pyproject.toml | sha256sum | cut -d ' ' -f 1)"
    if "$python" -c '' 2>/dev/null && [ -f "$stamp" ]; then
        case "$(cat "$stamp")" in
        "$wanted dev" | "$wanted $1") return 0 ;;
        esac
    fi
    if ! "$python" -m pip --version >/dev/null 2>&1; then
        base="$(suitable_python)" || refuse "Please install Python 3.11, 3.12 or 3.13 (with its venv package)."
        rm -rf .venv
        "$base" -m venv .venv >/dev/null 2>&1 ||
            refuse "Please install the venv package of $base (on Debian and Ubuntu: apt-get install python3-venv)."
    fi
    echo "Installing into .venv ..." >&2
    "$python" -m pip install -qq --disable-pip-version-check --root-user-action ignore \
        --editable ".${1:+[$1]}" ||
        refuse "The packages could not be installed: is this machine connected to a package index?"
    printf '%s %s\n' "$wanted" "$1" >"$stamp"
}
