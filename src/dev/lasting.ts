import type { SandboxFacts } from '../demo/bring-sandbox.ts'
import type { Config } from '../sso/index.ts'
import type { SessionBackend } from '../sso/session/backend/session-backend.ts'

/** What lives on while the app is started again and again: its sessions, and what seals its sign-ins. */
export interface Lasting extends SessionBackend {
  facts: () => Promise<{ sessionSecrets: Config['sessionSecrets']; sandbox: SandboxFacts | undefined }>
  /** Told that the app listens. */
  listening: () => Promise<void>
}

/** A call from the app's process to the one that started it, and the answer. */
export type Call = { id: number; method: keyof Lasting; args: unknown[] }
export type Answer = { id: number } & ({ value: unknown } | { error: unknown })

/** What lives on, as the app's process has it: every call is a message to the process that started it. */
export function lastingOfParent(): Lasting {
  const waiting = new Map<number, (answer: Answer) => void>()
  let last = 0
  process.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  // Nobody is left to start this process again, or to stop it.
  process.on('disconnect', () => process.exit())
  const ask = (method: keyof Lasting, args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      last += 1
      waiting.set(last, (answer) => ('error' in answer ? reject(answer.error) : resolve(answer.value)))
      process.send?.({ id: last, method, args } satisfies Call)
    })
  const asked = { isReady: () => true } as Lasting
  return new Proxy(asked, {
    get: (target, method: keyof Lasting) =>
      Reflect.get(target, method) ?? ((...args: unknown[]) => ask(method, args)),
  })
}
