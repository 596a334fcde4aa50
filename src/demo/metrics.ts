import { once } from 'node:events'
import { createServer } from 'node:http'

/** Node.js 20 takes no later major version of the SDK than these. */
const packages = '@opentelemetry/api@1 @opentelemetry/sdk-metrics@2 @opentelemetry/exporter-prometheus@0.223'

/** Prometheus and OpenTelemetry's collector write the unit into a name; the SDK's own exporter leaves it out. */
const views = ['sso.logto.request.duration', 'sso.lease.wait.duration'].map((instrumentName) => ({
  instrumentName,
  name: `${instrumentName}.seconds`,
}))

/**
 * Serves `GET /metrics` for Prometheus on a port of its own, which no visitor reaches. The package measures only where
 * an SDK is registered before it is asked to sign people in.
 *
 * @param at.port to listen on
 * @param at.host address to listen on; undefined for all of them
 * @returns what closes it
 * @throws where the packages that it needs are not installed, and where the port is taken
 */
export async function serveMetrics({ port, host }: { port: number; host: string | undefined }) {
  const { metrics, MeterProvider, PrometheusExporter } = await load()
  const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true })
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [exporter], views }))
  const server = createServer((req, res) => {
    if (req.method === 'GET' && req.url === '/metrics') exporter.getMetricsRequestHandler(req, res)
    else res.writeHead(404).end()
  })
  await once(server.listen({ port, host }), 'listening')
  return async () => {
    server.closeAllConnections()
    await once(server.close(), 'close')
  }
}

async function load() {
  try {
    const [{ metrics }, { MeterProvider }, { PrometheusExporter }] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-metrics'),
      import('@opentelemetry/exporter-prometheus'),
    ])
    return { metrics, MeterProvider, PrometheusExporter }
  } catch (cause) {
    throw new Error(`METRICS_PORT needs packages that are not installed: npm install ${packages}`, { cause })
  }
}
