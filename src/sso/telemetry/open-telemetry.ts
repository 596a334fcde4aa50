import type { Counter, Histogram, Meter, Tracer, UpDownCounter } from '@opentelemetry/api'
import { counters, levels, noTelemetry, type Telemetry, timers } from './telemetry.ts'

type Api = typeof import('@opentelemetry/api')

/** The instrumentation scope: what a collector files all of this under. */
const scope = 'express-logto-sso'
/** Bounds in seconds: a call to Logto within a region takes tens of milliseconds, its limit is 5 s at the default. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15]

/**
 * Telemetry by the OpenTelemetry SDK that the process has registered before this is called; nothing where it has none,
 * or where `@opentelemetry/api` is not installed.
 */
export async function openTelemetry(): Promise<Telemetry> {
  const api = await import('@opentelemetry/api').catch(() => undefined)
  if (!api) return noTelemetry
  const isTraced = hasTracer(api)
  const meter = api.metrics.getMeter(scope)
  const hasMeter = meter.constructor !== api.createNoopMeter().constructor
  if (!isTraced && !hasMeter) return noTelemetry
  return {
    ...noTelemetry,
    ...(isTraced && spansBy(api, api.trace.getTracer(scope))),
    ...(hasMeter && measuresBy(meter)),
  }
}

/** Whether an SDK stands behind the API's proxy, which is there from the start. A span to find out would never end. */
function hasTracer({ trace, ProxyTracerProvider }: Api): boolean {
  const provider = trace.getTracerProvider()
  if (!(provider instanceof ProxyTracerProvider)) return true // an SDK that came with another copy of the API
  return provider.getDelegate().constructor !== new ProxyTracerProvider().getDelegate().constructor
}

function spansBy({ SpanKind, SpanStatusCode }: Api, tracer: Tracer): Pick<Telemetry, 'span' | 'call'> {
  const as =
    (kind: number): Telemetry['call'] =>
    (name, attributes, work, failureOf) =>
      tracer.startActiveSpan(name, { attributes, kind }, async (span) => {
        const fail = (type: string) =>
          span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR })
        try {
          const answer = await work()
          const failure = failureOf?.(answer)
          if (failure) fail(failure)
          return answer
        } catch (error) {
          fail(kindOf(error))
          throw error
        } finally {
          span.end()
        }
      })
  return { span: as(SpanKind.INTERNAL), call: as(SpanKind.CLIENT) }
}

function measuresBy(meter: Meter): Omit<Telemetry, 'span' | 'call'> {
  const counting = each(counters, (name, description) => meter.createCounter(name, { description }))
  const changing = each(levels, (name, description) => meter.createUpDownCounter(name, { description }))
  const timing = each(timers, (name, description) =>
    meter.createHistogram(name, {
      description,
      unit: 's',
      advice: { explicitBucketBoundaries: bounds },
    }),
  )
  // A query compares with nought, and finds nothing where a measurement is not there yet.
  counting['sso.sign_ins'].add(0)
  for (const level of Object.values(changing)) level.add(0)
  return {
    count: (name, attributes) => counting[name].add(1, attributes),
    change: (name, by) => changing[name].add(by),
    time: (name, seconds, attributes) => timing[name].record(seconds, attributes),
  }
}

function each<N extends string, I extends Counter | UpDownCounter | Histogram>(
  described: Record<N, string>,
  make: (name: N, description: string) => I,
): Record<N, I> {
  const entries = Object.entries(described) as [N, string][]
  return Object.fromEntries(entries.map(([name, description]) => [name, make(name, description)])) as Record<
    N,
    I
  >
}

/** The code of an error of ours, or else its class. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
