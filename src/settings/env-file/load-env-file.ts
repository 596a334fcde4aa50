import { lstatSync } from 'node:fs'
import { phrase } from '../fault.ts'
import { EnvFileError, readSettingsFile } from './env-file.ts'

/**
 * Adds the settings of a file to the environment, whose own win unless they are empty.
 *
 * @param path of the file; one that was asked for has to be there, and `.env` does not
 * @throws EnvFileError when it cannot be read, or says less than it seems to
 */
export function loadEnvFile(path = '.env'): void {
  if (path === '.env' && !lstatSync(path, { throwIfNoEntry: false })) return
  for (const [name, value] of Object.entries(valuesOf(path))) {
    if (!process.env[name]?.trim()) process.env[name] = value
  }
}

function valuesOf(path: string): Record<string, string> {
  try {
    return readSettingsFile(path).values
  } catch (cause) {
    if (cause instanceof EnvFileError) throw cause
    throw new EnvFileError(
      phrase`${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      phrase`Make it a file that this user may read, or take it away.`,
      { cause },
    )
  }
}
