import { CompaniesError } from '../companies/index.ts'
import { ProvisionError } from '../provision/problem.ts'
import { EnvFileError } from '../settings/env-file/env-file.ts'
import { MissingPackages } from '../settings/missing-packages.ts'
import { ConfigError } from '../settings/parse.ts'
import { visibleLines } from '../settings/visible.ts'
import type { Language } from '../words/languages.ts'
import { type Text, textIn } from '../words/phrase.ts'
import { localeLanguage } from './options/language.ts'
import { UsageError } from './options/option-faults.ts'
import { phrase } from './phrase.ts'

/** What Node.js raises where a server cannot listen. */
type ListenError = NodeJS.ErrnoException & { port?: number; address?: string; hostname?: string }

/**
 * Puts what keeps a process from running into words, where the person who started it can fix it.
 *
 * @param error whatever was raised
 * @param ports the settings that say where it listens
 * @param language of the words; the locale's where nobody asked for one
 * @returns the words, with nothing in them that a terminal would obey; a stack where it is a bug of ours
 */
export const startupMessage = (
  error: unknown,
  ports: string,
  language = localeLanguage(process.env),
): string => visibleLines(textIn(wordsFor(error, ports, language), language))

/**
 * The same for a command, whose options may be wrong.
 *
 * @param usage what `--help` shows
 */
export const failureMessage = (
  error: unknown,
  usage: Text,
  ports: string,
  language = localeLanguage(process.env),
): string =>
  error instanceof UsageError
    ? `${visibleLines(textIn(error.problem, language))}\n\n${textIn(usage, language)}`
    : startupMessage(error, ports, language)

function wordsFor(error: unknown, ports: string, language: Language): Text {
  if (error instanceof ConfigError || error instanceof ProvisionError || error instanceof CompaniesError) {
    return error.in(language)
  }
  if (error instanceof MissingPackages) return error.problem
  if (error instanceof EnvFileError) return phrase`${error.problem}\n    → ${error.fix}`
  const { code, syscall, port, address, hostname, stack } = error as ListenError
  if (code === 'EADDRINUSE')
    return phrase`Port ${port} is in use: end what uses it, or choose another (${ports}).`
  if (syscall === 'listen' && code === 'EADDRNOTAVAIL') return notOurs(address)
  if (syscall === 'getaddrinfo') return notOurs(hostname)
  if (code === 'EACCES' && port)
    return phrase`Port ${port} is not allowed for this user: choose one above 1023.`
  return stack ?? String(error)
}

const notOurs = (host: string | undefined) =>
  phrase`${host} is no address of this machine: correct HOST, or leave it out to listen on all.`
