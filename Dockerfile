# Kakehashi's programs in an image that holds nothing else: no shell script, no compiler, no package but libpq, certificates and time zones.
#
#   docker build -t kakehashi .                       worker, scheduler and the command line
#   docker build -t kakehashi-simulator --target simulator .     Marketo's stand-in, for the demo alone
#
# docs/containers.md says how it is checked where there is no Docker engine.

FROM swift:6.3-bookworm AS builder
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
# deploy/toolset.json: addresses are packed (glibc 2.36, as in the images below), of which the loader would else read megabytes into each process.
RUN swift build -c release --static-swift-stdlib --toolset deploy/toolset.json --product kakehashi \
    && swift build -c release --static-swift-stdlib --toolset deploy/toolset.json --product worker \
    && swift build -c release --static-swift-stdlib --toolset deploy/toolset.json --product scheduler \
    && swift build -c release --static-swift-stdlib --toolset deploy/toolset.json --product simulator \
    && install -D -s -t /programs "$(swift build -c release --show-bin-path)"/kakehashi "$(swift build -c release --show-bin-path)"/worker \
        "$(swift build -c release --show-bin-path)"/scheduler \
    && install -D -s -t /stand-in "$(swift build -c release --show-bin-path)"/simulator

FROM debian:bookworm-slim AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libpq5 tzdata \
    && rm -rf /var/lib/apt/lists/*
# Nobody in particular, who owns nothing.
USER 10001:10001
STOPSIGNAL SIGTERM

FROM base AS simulator
COPY --from=builder /stand-in/simulator /usr/local/bin/simulator
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/simulator"]
CMD ["--host", "0.0.0.0", "--port", "8080"]

FROM base AS kakehashi
COPY --from=builder /programs/ /usr/local/bin/
ENV LOG_FORMAT=json
EXPOSE 9101 9102
# A scheduler's check names its own port: kakehashi health --health-port 9102.
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=4 CMD ["/usr/local/bin/kakehashi", "health"]
CMD ["/usr/local/bin/worker"]
