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
import { visibleLines } from '../settings/visible.ts'
import { readArgs, UsageError } from './options/option-faults.ts'
import { failureMessage } from './startup-error.ts'

const USAGE = `Usage: ${commandLine('invite', '--company <name> --domains <list>')}
       ${commandLine('invite', '--list')}
       ${commandLine('invite', '--revoke <name or ID>')}

Prints a link with which the administrator of a company connects their identity
provider, at the portal. Whoever has the link can connect this company for these
domains, and no other: send it to its administrator alone, and be sure that the
domains are the company's.

  --company <name>    the company; of one that is connected already, the link
                      opens its page, to change a secret
  --domains <list>    its email domains, with a comma between two
  --days <number>     for how long the link is good, 1 to 365; without it, as
                      PORTAL_INVITATION_SECONDS says
  --list              show the invitations, and how far each has come
  --revoke <name>     take the invitations of a company back, or one by its ID;
                      what was begun with it and not switched on goes with it
  --env-file <path>   where settings are read from (default: .env)
  --help, -h          show this
`

const day = 24 * 3_600_000

const flags = {
  company: { type: 'string' },
  domains: { type: 'string', multiple: true },
  days: { type: 'string' },
  list: { type: 'boolean' },
  revoke: { type: 'string' },
  'env-file': { type: 'string', default: '.env' },
  help: { type: 'boolean', short: 'h' },
} as const

const say = (text: string) => process.stdout.write(`${visibleLines(text)}\n`)

async function main(): Promise<void> {
  const given = readArgs(() => parseArgs({ options: flags }).values)
  if (given.help) return void process.stdout.write(USAGE)
  const ways = [given.company, given.list, given.revoke].filter((way) => way !== undefined)
  if (ways.length !== 1) throw new UsageError('Pass one of --company, --list and --revoke.')
  const goodFor = given.days === undefined ? undefined : milliseconds(given.days)
  loadEnvFile(given['env-file'])
  const config = loadPortalConfig(process.env)
  const logto = logtoOf(config)
  await within(await openPlace(config.whereabouts), async (place) => {
    const parts = { config, place, logto }
    if (given.list) {
      const all = await listInvitations(place)
      say(all.length > 0 ? all.map(invitationLine).join('\n') : 'There are no invitations.')
    } else if (given.revoke !== undefined) {
      for (const { id, company } of await revokeInvitation(parts, given.revoke)) {
        say(`Revoked: the invitation ${id} of “${company}”.`)
      }
    } else {
      const domains = (given.domains ?? []).flatMap((list) => list.split(',')).filter((each) => each.trim())
      const who = { company: given.company ?? '', domains, ...(goodFor && { goodFor }) }
      const { invitation, link } = await invite(parts, who)
      say(`For the administrator of “${invitation.company}” (${invitation.domains.join(', ')}),`)
      say(`good until ${new Date(invitation.expiresAt).toISOString()}:\n`)
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
  throw new UsageError('--days wants a whole number from 1 to 365.')
}

function fail(error: unknown): never {
  process.stderr.write(`${failureMessage(error, USAGE, '')}\n`)
  process.exit(error instanceof UsageError ? 2 : 1)
}

main().catch(fail)
