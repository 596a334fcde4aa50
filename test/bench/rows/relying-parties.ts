import type { Bench, Running } from '../bench.ts'
import { signInPaths } from '../contenders/names.ts'

/** The contenders that sign people in by themselves, at the issuer that asks nothing. */
export async function relyingParties(bench: Bench): Promise<Array<{ running: Running; signInPath: string }>> {
  const names = ['logto-express', 'express-openid-connect', 'app', 'host'] as const
  return Promise.all(
    names.map(async (name) => ({
      running: await bench.contender(name, { issuer: 'instant', page: 'host' }),
      signInPath: signInPaths[name],
    })),
  )
}
