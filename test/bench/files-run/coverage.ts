import { Session } from 'node:inspector/promises'

const folder = new URL('../../../dist/', import.meta.url).href

/**
 * Looks at which files of `dist/` have work to do: those of which a function runs.
 *
 * @returns a function that does a task and names them, in the order of their names
 */
export async function filesRun(): Promise<(task: () => Promise<unknown>) => Promise<string[]>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  return async (task) => {
    // What was counted so far is given away, and counts begin anew.
    await session.post('Profiler.takePreciseCoverage')
    await task()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    return result
      .filter(({ url }) => url.startsWith(folder))
      .filter(({ functions }) => functions.some(({ ranges }) => ranges.some(({ count }) => count > 0)))
      .map(({ url }) => url.slice(folder.length).replace(/\.js$/, '.ts'))
      .sort()
  }
}
