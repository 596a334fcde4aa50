import { isIP } from 'node:net'
import { z } from 'zod'

export const generateSecret = 'make one: node -p "crypto.randomBytes(32).toString(\'hex\')"'

const port = (name: string) =>
  z.coerce
    .number({ error: `is not a number | write a port from 1 to 65535, such as ${name}` })
    .int({ error: `is not a whole number | write a port from 1 to 65535, such as ${name}` })
    .min(1, { error: `is not a port | write a port from 1 to 65535, such as ${name}` })
    .max(65535, { error: `is not a port | write a port from 1 to 65535, such as ${name}` })

const webAddress = z
  .string()
  .refine((value) => parseWebAddress(value) !== undefined, {
    error:
      'is not a plain http or https address | write it as https://host or https://host/path, with nothing after',
  })
  .transform((value) => value.replace(/\/+$/, ''))

/**
 * The settings: every environment variable the app reads, with its words. `.env.example`, the table in the README
 * and the messages about faults all follow this list. An `error` is "what is wrong | how to mend it".
 */
export const settings = z.object({
  BASE_URL: webAddress
    .optional()
    .describe('Where people reach the app. Default: `http://localhost:<PORT>`. https in production.'),
  PORT: port('3000').default(3000).describe('Port to listen on. Default: `3000`.'),
  SESSION_SECRET: z
    .string()
    .transform((value) => value.split(',').map((secret) => secret.trim()))
    .refine((secrets) => secrets.every((secret) => secret !== ''), {
      error: `has an empty entry | write one secret, or several with one comma between each two; ${generateSecret}`,
    })
    .optional()
    .describe(
      'Signs the cookies, at least 32 random characters. A comma list rotates: the first signs, all verify. Default outside production: a new one at each start.',
    ),
  LOGTO_ENDPOINT: webAddress
    .refine((value) => !/\/oidc(\/|$)/.test(value), {
      error:
        'holds the path of an OIDC endpoint | write the part before /oidc, such as https://tenant.logto.app',
    })
    .optional()
    .describe('Logto endpoint, such as `https://tenant.logto.app`. None of the three: the sandbox.'),
  LOGTO_APP_ID: z.string().optional().describe('App ID of the Traditional web application in Logto.'),
  LOGTO_APP_SECRET: z.string().optional().describe('App secret of the same application.'),
  LOGTO_TIMEOUT_SECONDS: z.coerce
    .number({ error: 'is not a number | write seconds from 0.1 to 60, such as 5' })
    .min(0.1, { error: 'is too short | write seconds from 0.1 to 60, such as 5' })
    .max(60, { error: 'is too long | write seconds from 0.1 to 60, such as 5' })
    .default(5)
    .describe('Limit of each call to Logto, in seconds. Default: `5`.'),
  TRUST_PROXY: z
    .string()
    .transform(parseTrustProxy)
    .refine((value) => value !== undefined, {
      error:
        'is neither a number nor a list of addresses | write how many proxies stand before the app, such as 1, or their addresses, such as 10.0.0.0/8,loopback',
    })
    .optional()
    .describe(
      'Proxies before the app: how many, or a comma list of their addresses. Default: none is trusted.',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'is not a level | write one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info')
    .describe('Least level that is logged. Default: `info`.'),
  SANDBOX_LOGTO_PORT: port('3001').default(3001).describe("Port of the sandbox's Logto. Default: `3001`."),
  SANDBOX_OKTA_PORT: port('3002').default(3002).describe("Port of the sandbox's Okta. Default: `3002`."),
  NODE_ENV: z
    .enum(['development', 'test', 'production'], {
      error: 'is not known here | write production, or development, or leave it out',
    })
    .default('development')
    .describe('`production` switches the sandbox off and the strict rules on. Default: `development`.'),
})

export type Settings = z.output<typeof settings>

/** @returns the URL, if it is http or https and has neither credentials nor query nor fragment */
export function parseWebAddress(value: string): URL | undefined {
  if (!URL.canParse(value)) return undefined
  const url = new URL(value)
  const plain = !url.username && !url.password && !url.search && !url.hash && !/[?#]$/.test(value)
  return plain && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined
}

/** Express's own meaning, except `true`, which would believe any visitor's `X-Forwarded-` headers. */
function parseTrustProxy(value: string): number | readonly string[] | undefined {
  if (/^\d+$/.test(value)) return Number(value)
  const entries = value.split(',').map((entry) => entry.trim())
  const known = (entry: string) => /^(loopback|linklocal|uniquelocal)$/.test(entry) || isAddressOrRange(entry)
  return entries.every(known) ? entries : undefined
}

function isAddressOrRange(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}
