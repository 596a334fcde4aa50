#!/usr/bin/env -S node --
import { parseArgs } from 'node:util'
import { openPlace, type Place } from '../companies/index.ts'
import {
  invitationLine,
  invite,
  listInvitations,
  loadPortalConfig,
  logtoOf,
  revokeInvitation,
} from '../portal/index.ts'
import { commandLine } from '../settings/command-line.ts'
import { loadEnvFile } from '../settings/env-file/load-env-file.ts'
import { comma, joined } from '../words/phrase.ts'
import { commandLanguage, languageOption } from './options/language.ts'
import { readArgs, UsageError } from './options/option-faults.ts'
import { phrase } from './phrase.ts'
import { failureMessage } from './startup-error.ts'
import { sayIn } from './terminal/say.ts'

const usage = phrase`Usage: ${commandLine('invite', '--company <name> --domains <list>')}
       ${commandLine('invite', '--list')}
       ${commandLine('invite', '--revoke <name>')}

Prints a link. With it, the administrator of a company connects their identity
provider at the portal. Whoever has the link can connect this company for these
domains, and no other: send it only to that administrator, and make sure that
the domains are the company's.

  --company <name>    the company; if it is connected already, the link opens
                      its page, where a secret can be changed
  --domains <list>    its email domains, with a comma between two
  --days <number>     how many days the link is valid, 1 to 365 (default: as
                      PORTAL_INVITATION_SECONDS says)
  --list              show the invitations, and how far each has come
  --revoke <name>     revoke the invitations of a company, or one by its ID;
                      a connector that is not switched on yet is deleted
  --env-file <path>   where settings are read from (default: .env)
  --language en|ja    the language of the output (default: the locale's)
  --help, -h          show this
`

const day = 24 * 3_600_000

const flags = {
  ...languageOption,
  company: { type: 'string' },
  domains: { type: 'string', multiple: true },
  days: { type: 'string' },
  list: { type: 'boolean' },
  revoke: { type: 'string' },
  'env-file': { type: 'string', default: '.env' },
  help: { type: 'boolean', short: 'h' },
} as const

const language = commandLanguage()
const say = sayIn(language)

async function main(): Promise<void> {
  const given = readArgs(() => parseArgs({ options: flags }).values)
  if (given.help) return void process.stdout.write(usage[language])
  const ways = [given.company, given.list, given.revoke].filter((way) => way !== undefined)
  if (ways.length !== 1) throw new UsageError(phrase`Pass one of --company, --list and --revoke.`)
  const goodFor = given.days === undefined ? undefined : milliseconds(given.days)
  loadEnvFile(given['env-file'])
  const config = loadPortalConfig(process.env)
  const logto = await logtoOf(config)
  await within(await openPlace(config.whereabouts), async (place) => {
    const parts = { config, place, logto }
    if (given.list) {
      const all = await listInvitations(place)
      say(all.length > 0 ? joined(all.map(invitationLine)) : phrase`There are no invitations.`)
    } else if (given.revoke !== undefined) {
      for (const { id, company } of await revokeInvitation(parts, given.revoke)) {
        say(phrase`Revoked: the invitation ${id} of “${company}”.`)
      }
    } else {
      const domains = (given.domains ?? []).flatMap((list) => list.split(',')).filter((each) => each.trim())
      const who = { company: given.company ?? '', domains, ...(goodFor && { goodFor }) }
      const { invitation, link } = await invite(parts, who)
      const until = new Date(invitation.expiresAt).toISOString()
      say(
        phrase`For the administrator of “${invitation.company}” (${joined(invitation.domains, comma)}),\nvalid until ${until}:\n`,
      )
      process.stdout.write(`${link}\n`)
    }
  })
}

async function within(place: Place, work: (place: Place) => Promise<void>): Promise<void> {
  await work(place).finally(place.close)
}

function milliseconds(days: string): number {
  const number = /^\d{1,3}$/.test(days) ? Number(days) : 0
  if (number >= 1 && number <= 365) return number * day
  throw new UsageError(phrase`--days wants a whole number from 1 to 365.`)
}

function fail(error: unknown): never {
  process.stderr.write(`${failureMessage(error, usage, '', language)}\n`)
  process.exit(error instanceof UsageError ? 2 : 1)
}

main().catch(fail)
