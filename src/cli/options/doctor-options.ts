import { parseArgs } from 'node:util'
import { commandLine } from '../../settings/command-line.ts'
import { readEmail } from '../../settings/values/email-domain.ts'
import { phrase } from '../phrase.ts'
import { languageOption } from './language.ts'
import { readArgs, UsageError } from './option-faults.ts'

export const usage = phrase`Usage: ${commandLine('doctor', '[options]')}

Tries each link from the app through Logto to Okta, says which one is broken,
and how to fix it. It signs nobody in and changes nothing. It reads the settings
from the environment and from .env.

  --email <address>   whose sign-in to follow: to one connector, to the person at
                      Okta (with OKTA_API_TOKEN) and to their account at Logto
  --env-file <path>   where settings are read from (default: .env)
  --language en|ja    the language of the output (default: the locale's;
                      with --json, en)
  --json              results for programs
  --help, -h          show this

With LOGTO_M2M_APP_ID and LOGTO_M2M_APP_SECRET it looks at more.
Exit status: 0 nothing is broken; 1 something is; 2 these options are wrong;
3 not everything could be checked.
`

export interface Options {
  email: string | undefined
  envFile: string
  json: boolean
  help: boolean
}

/**
 * Reads the command line.
 *
 * @param args without the program itself
 * @throws UsageError for unknown options, positional arguments, and an address that is none
 */
export function readOptions(args: readonly string[]): Options {
  const {
    email,
    'env-file': envFile,
    json = false,
    help = false,
  } = readArgs(
    () =>
      parseArgs({
        args: [...args],
        options: {
          ...languageOption,
          email: { type: 'string' },
          'env-file': { type: 'string', default: '.env' },
          json: { type: 'boolean' },
          help: { type: 'boolean', short: 'h' },
        },
      }).values,
  )
  return { email: email === undefined ? undefined : wholeAddress(email), envFile, json, help }
}

/** As a sign-in has it, too. */
function wholeAddress(text: string): string {
  const { address, domain } = readEmail(text)
  if (domain !== '' && !/\s/.test(address)) return address
  throw new UsageError(phrase`--email wants a whole address, such as someone@company.example`)
}
