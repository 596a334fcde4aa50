import type { z } from 'zod'
import type { Language } from '../words/languages.ts'
import { type Text, textIn } from '../words/phrase.ts'
import { faultFrom, phrase, type SettingFault } from './fault.ts'
import { visible } from './visible.ts'

/** Settings by name, as written; an absent or empty one counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Raised by whatever reads settings; holds every fault that was found, not only the first. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly SettingFault[]

  constructor(faults: readonly SettingFault[]) {
    super(messageIn('en', faults))
    this.faults = faults
    // An error that nobody catches is printed with its stack and what else it holds: all of that is said above.
    this.stack = `${this.name}: ${this.message}`
    Object.defineProperty(this, 'faults', { enumerable: false })
  }

  /** The message in a language. */
  in(language: Language): string {
    return messageIn(language, this.faults)
  }
}

function messageIn(language: Language, faults: readonly SettingFault[]): string {
  const shown = (text: Text) => visible(textIn(text, language))
  const lines = faults.map(
    ({ setting, problem, fix }) => `  ${shown(phrase`${setting} ${problem}`)}\n    → ${shown(fix)}`,
  )
  const head =
    faults.length === 1 ? phrase`A setting is wrong:` : phrase`${faults.length} settings are wrong:`
  return [head[language], ...lines].join('\n')
}

/**
 * The values of the settings in a list, without blanks around them, nor the quotes of `.env`: Docker's `--env-file`
 * and others take these for a part of the value.
 *
 * @param env such as `process.env`
 * @param names the settings of interest
 * @returns those that are set
 */
export function givenSettings(env: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name]
        ?.trim()
        .replace(/^(["'`])(.*)\1$/s, '$2')
        .trim()
      return value ? [[name, value]] : []
    }),
  )
}

/**
 * Reads settings by their schema.
 *
 * @param schema the settings with their kinds
 * @param env such as `process.env`
 * @param otherFaults what else is wrong, by rules a schema cannot hold; of a value that is no value, nothing else is said
 * @returns the values, with defaults where nothing is set
 * @throws ConfigError with every fault and its fix
 */
export function parseSettings<S extends z.ZodRawShape>(
  schema: z.ZodObject<S>,
  env: Environment,
  otherFaults: (given: Record<string, string>) => readonly SettingFault[] = () => [],
): z.output<z.ZodObject<S>> {
  const given = givenSettings(env, Object.keys(schema.shape))
  const parsed = schema.safeParse(given)
  const ownFaults = shapeFaults(parsed.error)
  const isSaid = ({ setting }: SettingFault) => ownFaults.some((fault) => fault.setting === setting)
  const faults = [...ownFaults, ...otherFaults(given).filter((fault) => !isSaid(fault))]
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults)
  return parsed.data
}

/** What is wrong with single values, the first fault of each. */
function shapeFaults(error: z.ZodError | undefined): SettingFault[] {
  const faults = (error?.issues ?? []).map(({ path, message }) => faultFrom(String(path[0]), message))
  return faults.filter(
    ({ setting }, index) => faults.findIndex((fault) => fault.setting === setting) === index,
  )
}
