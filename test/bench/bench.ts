import type { Amounts } from './amounts.ts'
import type { LogtoSetup, Setup } from './contenders/contender.ts'
import { type ContenderName, titles } from './contenders/names.ts'
import type { ContenderCommands } from './contenders/serve.ts'
import { application } from './issuer/issuer.ts'
import type { IssuerCommands } from './issuer/serve.ts'
import type { LoadCommands } from './load/generator.ts'
import { Child } from './processes/child.ts'
import type { Commands } from './processes/commands.ts'
import { type SharedSandbox, startSandboxForAll } from './sandbox.ts'
import { type SessionsAtRest, sessionsAtRest } from './sessions-at-rest.ts'

/** A contender that listens. */
export interface Running {
  name: ContenderName
  title: string
  baseUrl: string
  child: Child<ContenderCommands>
}

export interface ContenderOptions {
  /** Who signs people in: the sandbox, as in life, or the issuer that asks nothing. */
  issuer?: 'sandbox' | 'instant'
  redisUrl?: string
  page?: Setup['page']
}

/** One run of the benchmark: what its rows share, started when it is first needed. */
export class Bench {
  readonly amounts: Amounts
  readonly #cleanUps: Array<() => Promise<unknown>> = []
  #load: Child<LoadCommands> | undefined
  #sandbox: Promise<SharedSandbox> | undefined
  #issuer: Promise<LogtoSetup> | undefined
  #atRest: Promise<SessionsAtRest> | undefined

  constructor(amounts: Amounts) {
    this.amounts = amounts
  }

  /** The load generator. */
  get load(): Child<LoadCommands> {
    this.#load ??= this.spawn<LoadCommands>('load/generator.ts')
    return this.#load
  }

  /** Says on the way how far we are. */
  tell(words: string): void {
    process.stderr.write(`${words}\n`)
  }

  /** What is done when the run ends, the last first. */
  defer(cleanUp: () => Promise<unknown>): void {
    this.#cleanUps.push(cleanUp)
  }

  /** A child that is stopped when the run ends, or before. */
  spawn<C extends Commands>(script: string, nodeArgs?: string[]): Child<C> {
    const child = new Child<C>(script, nodeArgs)
    this.defer(() => child.stop())
    return child
  }

  sandbox(): Promise<SharedSandbox> {
    this.#sandbox ??= startSandboxForAll().then((sandbox) => {
      this.defer(sandbox.close)
      return sandbox
    })
    return this.#sandbox
  }

  /** What real sessions look like in a store. */
  sessionsAtRest(): Promise<SessionsAtRest> {
    this.#atRest ??= sessionsAtRest()
    return this.#atRest
  }

  /** The contender in a new process: one is fast or slow from its start on, and no other turn shall have used it. */
  async contender(
    name: ContenderName,
    { issuer = 'sandbox', page = 'demo', redisUrl }: ContenderOptions = {},
  ): Promise<Running> {
    const sandbox = issuer === 'sandbox' ? await this.sandbox() : undefined
    const logto = sandbox ? sandbox.logto : await this.#instantIssuer()
    const child = this.spawn<ContenderCommands>('contenders/serve.ts')
    const baseUrl = await child.ask('serve', { name, logto, page, ...(redisUrl && { redisUrl }) })
    sandbox?.register(baseUrl)
    return { name, title: titles[name], baseUrl, child }
  }

  async close(): Promise<void> {
    for (const cleanUp of this.#cleanUps.splice(0).reverse()) await cleanUp()
  }

  #instantIssuer(): Promise<LogtoSetup> {
    this.#issuer ??= this.spawn<IssuerCommands>('issuer/serve.ts')
      .ask('serve')
      .then((endpoint) => ({ endpoint, ...application }))
    return this.#issuer
  }
}
