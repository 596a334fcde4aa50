import { fileURLToPath } from 'node:url'
import { phrase } from './fault.ts'

/** Where the package is installed, npm's scripts are the host's own, and its commands are found by `npx`. */
export const isInstalled = /[\\/]node_modules[\\/]/.test(fileURLToPath(import.meta.url))

/**
 * A command of this package, as whoever reads advice types it.
 *
 * @param name of the command
 * @param args what stands behind it
 */
export function commandLine(
  name: 'provision' | 'doctor' | 'sandbox' | 'companies' | 'invite' | 'portal',
  args = '',
): string {
  if (isInstalled) return args ? `npx ${name} ${args}` : `npx ${name}`
  return args ? `npm run ${name} -- ${args}` : `npm run ${name}`
}

/**
 * A text as one word of a shell's line (POSIX, Shell Command Language §2.2.2): who is advised so may paste it, whoever
 * chose the text.
 */
export const shellWord = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** How the app is started: the demo by npm, a host as its own people do. */
export const startCommand = isInstalled ? phrase`start the app` : 'npm start'
