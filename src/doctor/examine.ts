import type { Environment } from '../settings/parse.ts'
import type { Result } from './check.ts'
import { checks, checksOfPerson } from './checks.ts'
import { Examination, type ExaminationOptions } from './examination.ts'
import { runChecks } from './run.ts'

/**
 * Walks the chain from the app by way of Logto to Okta and tries each link. Signs nobody in and changes nothing.
 *
 * @param env the settings, such as `process.env`
 * @param options.fetch calls out; @param options.now the clock, in milliseconds since 1970
 * @param options.lookup addresses of a host name @param options.email whose sign-in to follow, if anybody's
 * @param options.onProgress told of each link before it is tried
 * @returns a result for each link, in the order of the chain; with an address, those of its person behind
 */
export function examine(
  env: Environment,
  { onProgress = () => {}, ...options }: ExaminationOptions & { onProgress?: (title: string) => void },
): Promise<Result[]> {
  return runChecks(
    options.email ? [...checks, ...checksOfPerson] : checks,
    new Examination(env, options),
    onProgress,
  )
}
