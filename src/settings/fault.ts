/** One thing that is wrong with the settings. */
export interface SettingFault {
  setting: string
  problem: string
  fix: string
}

const separator = ' | '

/** Words for a schema's `error`: what is wrong with a value, and how to fix it. */
export function says(problem: string, fix: string): { error: string } {
  return { error: problem + separator + fix }
}

/** The other way round: a fault from what a schema said of a setting. */
export function faultFrom(setting: string, message: string): SettingFault {
  const [problem = '', fix = 'see the table of settings in the README'] = message.split(separator)
  return { setting, problem, fix }
}

export const makeSecret = 'make one: node -p "crypto.randomBytes(32).toString(\'hex\')"'
