/** What a process of the benchmark can be asked, by name; each command takes one argument of its own, or none. */
export type Commands = Record<string, (argument: never) => unknown>

/** A command on its way to a child. */
export interface Question {
  id: number
  name: string
  argument: unknown
}

/** Its outcome on the way back. */
export interface Answer {
  id: number
  value?: unknown
  error?: string
}

/** Answers the parent's commands from now on, until it goes away. */
export function answerParent(commands: Commands): void {
  process.on('message', async ({ id, name, argument }: Question) => {
    const answer: Answer = await run(commands, name, argument).then(
      (value) => ({ id, value }),
      (error) => ({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
    process.send?.(answer)
  })
  process.on('disconnect', () => process.exit())
}

async function run(commands: Commands, name: string, argument: unknown): Promise<unknown> {
  return commands[name]?.(argument as never)
}
