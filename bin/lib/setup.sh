# Shared by bin/* and .ci/run; to be sourced by bash. Installs what is missing, says what it does on standard error.
# shellcheck shell=bash

# What the build and the private PostgreSQL need, as Debian and Ubuntu name it.
system_packages=(ca-certificates git libpq-dev pkg-config postgresql tzdata zlib1g-dev)

# The migrations need it.
postgres_oldest=15
postgres_needed="PostgreSQL $postgres_oldest or newer is needed, and this system offers none that is. https://www.postgresql.org/download/linux/ says how to get one."

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

# Installs the system packages that are not there: with apt as root, else it prints the exact line to type.
install_packages() {
    if ! command -v dpkg-query >/dev/null; then
        command -v pkg-config >/dev/null && pkg-config --exists libpq && postgres_bin >/dev/null && return
        die "This is not Debian or Ubuntu: install libpq with its headers, pkg-config, zlib's headers and a PostgreSQL server ($postgres_oldest or newer), then run this again."
    fi
    local missing=() package
    for package in "${system_packages[@]}"; do
        # One line for each architecture it is installed for.
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    # pkgconf calls itself pkg-config too.
    if command -v pkg-config >/dev/null; then mapfile -t missing < <(without pkg-config "${missing[@]}"); fi
    # A server from another source (apt.postgresql.org, by hand) will do as well.
    if postgres_bin >/dev/null; then mapfile -t missing < <(without postgresql "${missing[@]}"); fi
    if ((!${#missing[@]})); then
        postgres_bin >/dev/null || die "$postgres_needed"
        return
    fi
    # Another apt that is at work (unattended upgrades on a fresh machine) is waited for.
    local line="apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends ${missing[*]}"
    if ((EUID != 0)); then
        die "Some system packages are missing. Please type this, then run the command again:
    sudo apt-get update && sudo $line"
    fi
    say "Installing: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    # Debian's package would start a server of its own on port 5432; nobody asked for one, so it is told not to. A cluster that is there stays as it is.
    # In a shell of its own, so that the file goes however this ends.
    (
        if [[ ! -d /etc/postgresql ]]; then
            trap 'rm -f /etc/postgresql-common/createcluster.d/kakehashi-setup.conf' EXIT
            trap 'exit 130' INT
            trap 'exit 143' TERM HUP
            mkdir -p /etc/postgresql-common/createcluster.d
            printf 'create_main_cluster = false\n' >/etc/postgresql-common/createcluster.d/kakehashi-setup.conf
        fi
        apt-get -o DPkg::Lock::Timeout=300 update -qq && $line -qq
    ) >&2 </dev/null || die "apt-get could not install ${missing[*]}; its own words are above."
    postgres_bin >/dev/null || die "$postgres_needed"
}

# The words but the first, one a line, without those that equal the first.
without() {
    local word
    for word in "${@:2}"; do [[ $word == "$1" ]] || printf '%s\n' "$word"; done
}

# The directory of the newest PostgreSQL server's programs that are new enough; what stands in PATH is asked last, as it may be another program's wrapper.
postgres_bin() {
    local candidate
    for candidate in $(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin | sort -Vr) "$(dirname "$(command -v initdb || echo /nowhere/initdb)")"; do
        [[ -x $candidate/initdb && -x $candidate/pg_ctl && -x $candidate/psql ]] || continue
        if [[ $("$candidate/initdb" --version 2>/dev/null) =~ \)\ ([0-9]+) ]] && ((BASH_REMATCH[1] >= postgres_oldest)); then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

# Swift 6.3 or newer; it is the one thing that is not installed here.
check_swift() {
    command -v swift >/dev/null || die "Swift is not installed. Swift 6.3 or newer is needed: https://www.swift.org/install/linux/"
    local text version
    text=$(swift --version 2>/dev/null) || die "'swift --version' fails; Swift 6.3 or newer is needed: https://www.swift.org/install/linux/"
    [[ $text =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] || die "'swift --version' says nothing that is understood; Swift 6.3 or newer is needed."
    version="${BASH_REMATCH[1]}.${BASH_REMATCH[2]}"
    ((BASH_REMATCH[1] > 6 || (BASH_REMATCH[1] == 6 && BASH_REMATCH[2] >= 3))) || die "This is Swift $version; Swift 6.3 or newer is needed: https://www.swift.org/install/linux/"
}

# Everything that must be there before the first build.
prepare() {
    # libpq's own variables (PGSSLMODE, PGSERVICE, …) are the caller's, for a database of theirs; the private ones are told all they need.
    unset "${!PG@}"
    install_packages
    check_swift
}

# What some tests need beside PostgreSQL: single files of Debian's packages, in .build/tools; nothing is installed, and no service starts. Where they can't be
# had the tests that need them say so and go on.
fetch_tools() {
    local tools="$1/.build/tools"
    fetch_files "$tools" promtool prometheus:usr/bin/promtool
    fetch_files "$tools" pgbouncer pgbouncer:usr/sbin/pgbouncer libevent-2.1-7:usr/lib/*/libevent-2.1.so.7 libc-ares2:usr/lib/*/libcares.so.2
}

# fetch_files FOLDER TOOL PACKAGE:FILE… – each file out of its package, links followed, unless the tool is there.
fetch_files() {
    local tools=$1 tool=$2
    [[ -x $tools/$tool ]] || command -v "$tool" >/dev/null && return
    command -v dpkg-deb >/dev/null || return 0
    (
        set -e
        folder=$(mktemp -d)
        trap 'rm -rf "$folder"' EXIT
        chmod 755 "$folder"
        cd "$folder"
        packages=("${@:3}")
        packages=("${packages[@]%%:*}")
        apt-get download -qq "${packages[@]}" || { ((EUID == 0)) && apt-get -o DPkg::Lock::Timeout=300 update -qq && apt-get download -qq "${packages[@]}"; }
        for package in *.deb; do dpkg-deb -x "$package" .; done
        mkdir -p "$tools"
        # The tool itself last: its presence says that all of it is there.
        for ((place = $#; place >= 3; place--)); do
            # shellcheck disable=SC2086
            cp -L ${!place#*:} "$tools/"
        done
    ) >/dev/null 2>&1 </dev/null || say "Debian's package '${3%%:*}' can't be had: the tests that need $tool do without."
}
