import type { Profiler } from 'node:inspector'

/** A share of the time in which the process did anything. */
export interface Share {
  name: string
  /** From 0 to 1. */
  share: number
}

/**
 * Where a profile's time went, the most first: by function, each one's own time alone, and by package, with the time
 * that Node.js spent for it. Idle time is left out.
 */
export function selfTimes({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): {
  functions: Share[]
  packages: Share[]
} {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const callers = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])))
  const functions = new Map<string, number>()
  const packages = new Map<string, number>()
  let total = 0
  for (const [index, id] of samples.entries()) {
    const frame = byId.get(id)?.callFrame
    const time = timeDeltas[index] ?? 0
    if (!frame || frame.functionName === '(idle)') continue
    add(functions, describe(frame), time)
    add(packages, responsible(id), time)
    total += time
  }
  return { functions: shares(functions, total), packages: shares(packages, total) }

  /** The package of the nearest caller that has one. */
  function responsible(id: number): string {
    const start = byId.get(id)?.callFrame.functionName ?? ''
    for (let at: number | undefined = id; at !== undefined; at = callers.get(at)) {
      const found = packageOf(byId.get(at)?.callFrame.url ?? '')
      if (found) return found
    }
    return /^\((?!anonymous|root)/.test(start) ? start : 'Node.js itself'
  }
}

type Frame = Profiler.Profile['nodes'][number]['callFrame']

function describe({ functionName, url, lineNumber }: Frame): string {
  const name = functionName || '(anonymous)'
  if (!url) return name
  const file = [packageOf(url), url.startsWith('node:') ? url : url.split('/').at(-1)]
    .filter(Boolean)
    .join(' ')
  return `${name} (${file}:${lineNumber + 1})`
}

/** @returns undefined for what is native or Node.js's own */
function packageOf(url: string): string | undefined {
  if (url === '' || url.startsWith('node:')) return undefined
  if (url.includes('.ejs')) return 'views'
  const inModules = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]
  return inModules ?? /dist\/(?:[^/]+(?=\/))?/.exec(url)?.[0] ?? 'the benchmark'
}

function add(sums: Map<string, number>, name: string, time: number): void {
  sums.set(name, (sums.get(name) ?? 0) + time)
}

function shares(sums: Map<string, number>, total: number): Share[] {
  return [...sums].map(([name, time]) => ({ name, share: time / total })).sort((a, b) => b.share - a.share)
}
