# A private PostgreSQL for one run; to be sourced by bash after setup.sh.
# It lives in a directory of its own, listens on 127.0.0.1 only, and belongs to an unprivileged user. No other cluster is touched.
# shellcheck shell=bash

postgres_dir=
postgres_user=

# Runs a command as the cluster's owner: PostgreSQL refuses to run as root.
as_postgres() {
    if [[ -n $postgres_user ]]; then
        (cd / && exec setpriv --reuid="$postgres_user" --regid="$(id -g "$postgres_user")" --clear-groups -- "$@")
    else
        "$@"
    fi
}

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Starts the cluster in DIR/postgres and exports DATABASE_URL. With "durable" as the second word, what is committed is on disk.
start_postgres() {
    local dir=$1/postgres bin port attempt password durability=off
    [[ ${2:-} != durable ]] || durability=on
    bin=$(postgres_bin) || die "$postgres_needed"
    if ((EUID == 0)); then
        postgres_user=postgres
        id -u "$postgres_user" >/dev/null 2>&1 || postgres_user=nobody
    fi
    mkdir -p "$dir"
    [[ -z $postgres_user ]] || chown "$postgres_user" "$dir"
    chmod 700 "$dir"
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    (umask 077 && printf '%s\n' "$password" >"$dir/password")
    [[ -z $postgres_user ]] || chown "$postgres_user" "$dir/password"
    as_postgres "$bin/initdb" -D "$dir/data" -U postgres -A scram-sha-256 --pwfile="$dir/password" \
        -E UTF8 --locale=C --no-sync >"$1/initdb.log" 2>&1 || {
        tail -n 20 "$1/initdb.log" >&2
        die "The private PostgreSQL could not be set up."
    }
    rm -f "$dir/password"
    # Unless told otherwise: the data lives as long as this run, so nothing needs to reach the disk.
    cat >>"$dir/data/postgresql.conf" <<-CONF
		listen_addresses = '127.0.0.1'
		unix_socket_directories = ''
		max_connections = 100
		fsync = $durability
		synchronous_commit = $durability
		full_page_writes = $durability
		timezone = 'UTC'
		log_timezone = 'UTC'
	CONF
    # From here on there may be something to stop, also when this is interrupted in the middle of starting it.
    postgres_dir=$dir
    for attempt in 1 2 3 4 5 6 7 8; do
        # Below the range that the kernel hands out for outgoing connections.
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        port_is_taken "$port" && continue
        # Two runs may draw the same port at the same time; the one that loses draws again.
        if as_postgres "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -o "-p $port" -w -t 60 start >/dev/null 2>&1; then
            # A plain role that owns its database is all that Kakehashi ever needs; the text goes through a pipe, not a list of processes.
            printf '%s\n' "CREATE ROLE kakehashi LOGIN PASSWORD '$password';" "CREATE DATABASE kakehashi OWNER kakehashi;" |
                PGPASSWORD=$password "$bin/psql" -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U postgres -d postgres >&2
            export DATABASE_URL="postgresql://kakehashi:$password@127.0.0.1:$port/kakehashi"
            return
        fi
        ((attempt < 8)) || break
    done
    tail -n 20 "$dir/log" >&2 || true
    die "The private PostgreSQL did not start."
}

# Stops the cluster that start_postgres started or began to start, and nothing else.
stop_postgres() {
    [[ -n $postgres_dir ]] || return 0
    as_postgres "$(postgres_bin)/pg_ctl" -D "$postgres_dir/data" -m fast -w -t 30 stop >/dev/null 2>&1 ||
        as_postgres "$(postgres_bin)/pg_ctl" -D "$postgres_dir/data" -m immediate -w -t 30 stop >/dev/null 2>&1 || true
    postgres_dir=
}
