import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { localeLanguage } from '../cli/options/language.ts'
import { sayIn } from '../cli/terminal/say.ts'
import type { Answer, Call, Lasting } from './lasting.ts'
import { phrase } from './phrase.ts'

const server = fileURLToPath(new URL('./server.ts', import.meta.url))
const say = sayIn(localeLanguage(process.env))

/**
 * Starts the app in a process of its own, and answers its calls.
 *
 * @param env its environment
 * @returns a function that stops it, if it has not ended by itself
 */
export function startApp(env: NodeJS.ProcessEnv, lasting: Lasting): () => Promise<void> {
  // Messages carry `undefined` and errors only if they are cloned.
  const child = fork(server, { env, serialization: 'advanced' })
  const gone = once(child, 'exit').then(([code]) => {
    if (code) say(phrase`The app has ended. It starts again when a file is saved.`)
  })
  child.on('message', async ({ id, method, args }: Call) => {
    const call = lasting[method] as (...args: unknown[]) => unknown
    const answer: Answer = await Promise.resolve(call(...args)).then(
      (value) => ({ id, value }),
      (error: unknown) => ({ id, error }),
    )
    if (child.connected) child.send(answer, () => {})
  })
  return async () => {
    child.kill()
    await gone
  }
}
