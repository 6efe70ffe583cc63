# Ringline's server as an image. Needs BuildKit, which Docker has used by default since 23.
# No Docker ran where this was written, so it was never built: it is checked by a linter, and `npm run prove:image`
# goes through these steps without Docker, and starts what comes out.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /ringline
COPY . .
# The page is built with all that is installed; then only what the server imports stays.
RUN --mount=type=cache,target=/root/.npm \
    npm ci --no-audit --no-fund \
    && npm run pages \
    && npm ci --omit=dev --workspace packages/server --no-audit --no-fund \
    && mkdir data

FROM node:24.21.0-bookworm-slim
LABEL org.opencontainers.image.title="Ringline" \
      org.opencontainers.image.description="One-to-one audio and video calling, self-hosted" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    MODE=production \
    DATA_DIR=/var/lib/ringline
WORKDIR /ringline
# All of it belongs to root, so the server cannot alter its own code.
COPY --from=build /ringline/package.json /ringline/LICENSE ./
COPY --from=build /ringline/node_modules node_modules
COPY --from=build /ringline/packages/protocol packages/protocol
COPY --from=build /ringline/packages/call packages/call
COPY --from=build /ringline/packages/server packages/server
COPY --from=build /ringline/apps/softphone/dist apps/softphone/dist
# The one folder that is written to, and only without DATABASE_URL: mount a volume there.
COPY --from=build --chown=1000:1000 /ringline/data /var/lib/ringline
# `node` of the base image; as a number, so that Kubernetes sees that it is not root.
USER 1000:1000
EXPOSE 8080/tcp 30000/udp
# Whether it is alive. Whether it may be given work is asked at /readyz, by whoever gives it.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# It is process 1 and hears SIGTERM itself: no shell stands before it.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "packages/server/src/cli.ts"]
CMD ["serve"]
