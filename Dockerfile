# The builder is any image with cargo and a C toolchain. --build-arg BUILDER=… names another one, such as one that is already on this
# machine, so that no registry of images is asked; one with its crates and CARGO_NET_OFFLINE=true asks no registry of crates either.
ARG BUILDER=rust:1.95-bookworm

FROM ${BUILDER} AS build
WORKDIR /build
# Dependencies first: this layer is rebuilt only when the manifest changes. No cache mounts, for not every builder knows them.
COPY Cargo.toml Cargo.lock ./
COPY .ci/build-static .ci/
# By sh, for a checkout may have lost the executable bit.
RUN sh .ci/build-static --dependencies
# The rest of the checkout, less what .dockerignore names. None of it but the binary reaches the image.
COPY . .
# The mode is set here, for the umask of the builder must not decide whether the user below may run the binary.
RUN binary="$(sh .ci/build-static)" && install -m 0755 "$binary" /graphdouble

FROM scratch
LABEL org.opencontainers.image.title="graphdouble" \
      org.opencontainers.image.description="A local stand-in for Meta's Graph API: test Messenger bots with real webhooks, thread owners and a virtual clock" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=build /graphdouble /graphdouble
# Numeric, for there is no /etc/passwd to look a name up in, and so that an engine can tell that it is not root.
USER 65532:65532
# The default is loopback, which inside a container nobody else can reach. Every other flag has a GRAPHDOUBLE_… variable too.
ENV GRAPHDOUBLE_LISTEN=0.0.0.0:4004
EXPOSE 4004
# For clients that cannot be pointed elsewhere, GRAPHDOUBLE_ALSO_LISTEN=0.0.0.0:443. Engines let every user of a container have that port.
# Nothing is ever written to the root, so it may be read-only. Files come by mount, read-only as well and readable by everybody:
#   --volume "$PWD/worlds:/worlds:ro"        and then serve --world /worlds/NAME.yaml, or GRAPHDOUBLE_WORLD=/worlds/NAME.yaml
#   --volume "$PWD/scenarios:/scenarios:ro"  and then run /scenarios
# No VOLUME: that would make an anonymous, writable volume for each container.
#
# It is up within milliseconds, so the first probe, one interval after the start, finds it healthy. No --start-period: with one, engines
# make the first probe only after the start interval, which is five seconds unless set, and older builders cannot set it.
HEALTHCHECK --interval=1s --timeout=2s --retries=5 CMD ["/graphdouble", "healthcheck"]
# No shell, so the binary is process 1 and gets the SIGTERM of the engine itself.
ENTRYPOINT ["/graphdouble"]
CMD ["serve"]
