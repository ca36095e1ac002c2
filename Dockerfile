# docker build -t clerkwell . && docker run --init -p 3000:3000 -v clerkwell:/data clerkwell
# --init matters: it buries processes that died, which a database server's own restart waits for.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The image brings Node itself.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 CLERKWELL_DATA=/data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY . .
# node_modules is read-only for the application, so the embedded engine's library links are made now.
RUN node -e "import('/app/src/db/embedded/binaries.ts').then(({ binaries }) => binaries(false))" \
  && mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --start-period=60s --interval=30s --timeout=5s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "src/main.ts"]
