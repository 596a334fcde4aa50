import { answerParent } from '../processes/commands.ts'
import { exchange } from './exchange.ts'
import { hammer } from './hammer.ts'

/** The load generator's process. */
const commands = { hammer, exchange }

export type LoadCommands = typeof commands

answerParent(commands)
