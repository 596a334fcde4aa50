import { createRequire } from 'node:module'
import { isInstalled } from './command-line.ts'
import { phrase } from './fault.ts'

const require = createRequire(import.meta.url)

interface Manifest {
  name: string
  peerDependencies: Readonly<Record<string, string>>
}

/** What an entry point uses that a host without it need not install; `.` and `./testing` use nothing of it. */
const parts = {
  provision: ['@logto/api', '@okta/okta-sdk-nodejs', '@xmldom/xmldom'],
  doctor: ['@logto/api', '@okta/okta-sdk-nodejs', '@xmldom/xmldom'],
  // The only one that runs in production.
  portal: ['@logto/api', '@xmldom/xmldom'],
  sandbox: ['@logto/api', '@okta/okta-sdk-nodejs', '@xmldom/xmldom', 'oidc-provider', 'samlify'],
} as const
type Part = keyof typeof parts

/** Optional peers are not installed that are needed now. One line says which, for the whole entry point. */
export class MissingPackages extends Error {
  override readonly name = 'MissingPackages'
  readonly problem

  constructor(part: Part, missing: readonly string[]) {
    const { name, peerDependencies: ranges } = require('../../package.json') as Manifest
    // In double quotes, as each shell takes it: PowerShell reads `@`, and cmd `^`, as its own.
    const packages = missing.map((each) => `"${each}@${ranges[each]}"`).join(' ')
    const command = isInstalled ? `npm install ${part === 'portal' ? '' : '-D '}${packages}` : 'npm ci'
    const problem = phrase`${name}/${part} needs packages that are not installed: ${command}`
    super(problem.en)
    this.problem = problem
  }
}

/**
 * Call this before an optional peer is loaded.
 *
 * @param part the entry point for which it is
 * @param used what is loaded now; all that the entry point may use, unless told otherwise
 * @throws MissingPackages where a package of these is not installed
 */
export function needs<P extends Part>(
  part: P,
  used: readonly (typeof parts)[P][number][] = parts[part],
): void {
  if (used.some(isMissing)) throw new MissingPackages(part, parts[part].filter(isMissing))
}

function isMissing(name: string): boolean {
  try {
    require.resolve(name)
    return false
  } catch (error) {
    // `@logto/api` is there and has no entry of its own name: ERR_PACKAGE_PATH_NOT_EXPORTED.
    return (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND'
  }
}
