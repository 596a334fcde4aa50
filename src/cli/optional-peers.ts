import { commandLanguage } from './options/language.ts'
import { phrase } from './phrase.ts'

/** Packages that only some commands use, and that an app which does not run them need not install. */
export const optionalPeers = {
  provision: ['@logto/api', '@okta/okta-sdk-nodejs', '@xmldom/xmldom'],
  sandbox: ['@logto/api', '@okta/okta-sdk-nodejs', '@xmldom/xmldom', 'oidc-provider', 'samlify'],
} as const

/**
 * Ends the process with one line, where packages are not installed that a command needs.
 *
 * @param names of the packages
 */
export function needs(names: readonly string[]): void {
  const missing = names.filter(isMissing)
  if (missing.length === 0) return
  const problem = phrase`This command needs packages that are not installed: npm install -D ${missing.join(' ')}`
  process.stderr.write(`${problem[commandLanguage()]}\n`)
  process.exit(1)
}

function isMissing(name: string): boolean {
  try {
    import.meta.resolve(name)
    return false
  } catch (error) {
    // `@logto/api` is there and has no entry of its own name: ERR_PACKAGE_PATH_NOT_EXPORTED.
    return (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
  }
}
