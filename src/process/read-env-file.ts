import dotenv from 'dotenv'

/**
 * Adds the settings of `.env` to the environment, whose own win.
 *
 * @throws when there is a `.env` that cannot be read
 */
export function readEnvFile(): void {
  const { error } = dotenv.config({ quiet: true, fast: true })
  if (error && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
