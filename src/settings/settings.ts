import { z } from 'zod'
import { connectors } from './companies/connectors.ts'
import { makeSecret, phrase, says } from './fault.ts'
import {
  duration,
  environmentName,
  listenAddress,
  port,
  rate,
  resourceIndicator,
  seconds,
  secrets,
  webhookKey,
} from './values/kinds.ts'
import { redisAddresses, sentinelAddresses } from './values/redis-address.ts'
import { trustedProxies } from './values/trusted-proxies.ts'
import { webAddress } from './values/web-address.ts'

/**
 * The settings: every environment variable the app reads, with its words. `npm run docs` writes `.env.example` and the
 * tables of the READMEs from this list; the messages about faults follow it too.
 */
export const settings = z.object({
  BASE_URL: webAddress
    .optional()
    .describe('Where people reach the app. Default: `http://localhost:<PORT>`. https in production.'),
  PORT: port(3000)
    .optional()
    .describe(
      'Port to listen on. Default: the one of a `BASE_URL` such as `http://localhost:4000`, else `3000`.',
    ),
  HOST: listenAddress
    .optional()
    .describe(
      'Address to listen on, such as `127.0.0.1`. Default: all addresses of the machine. An app of your own listens itself.',
    ),
  KEEP_ALIVE_SECONDS: duration(75, { most: 3600 })
    .default(75)
    .describe(
      'Seconds for which a connection is kept after an answer; longer than the proxy before the app keeps it. An app of your own sets it at its server. Default: `75`.',
    ),
  DRAIN_SECONDS: duration(5, { least: 0, most: 3600 })
    .optional()
    .describe(
      'Seconds for which a process that is told to stop still takes new connections, while `/readyz` is 503. An app of your own drains itself. Default: `5` in production, else none.',
    ),
  SESSION_SECRET: secrets
    .optional()
    .describe(
      'Signs the session cookie and seals sign-ins in flight; at least 32 random characters. A comma list rotates: the first is used, all are accepted. Default outside production: a new one at each start.',
    ),
  SESSION_IDLE_SECONDS: duration(28_800)
    .default(28_800)
    .describe('Seconds without a request after which a session ends. Default: `28800`.'),
  SESSION_ABSOLUTE_SECONDS: duration(86_400)
    .default(86_400)
    .describe(
      'Seconds since the person proved who they are after which a session ends, however busy, and Logto asks again. Default: `86400`.',
    ),
  SESSION_STORE: z
    .enum(['memory', 'redis'], says(phrase`is not a store`, phrase`write redis, or memory, or leave it out`))
    .optional()
    .describe(
      'Where sessions live: `redis`, or `memory` for one process. Default: Redis if `REDIS_URL` is set; in production nothing is assumed.',
    ),
  REDIS_URL: redisAddresses
    .optional()
    .describe(
      'Redis or Valkey for sessions that several processes share, such as `redis://localhost:6379`; `rediss://` for TLS. Of a cluster one address, or some in a comma list: `redis://node1:6379,redis://node2:6379`.',
    ),
  REDIS_SENTINELS: sentinelAddresses
    .optional()
    .describe(
      "Addresses of Sentinels in a comma list, such as `redis://sentinel1:26379,redis://sentinel2:26379`, each with the Sentinel's own password if it has one. `REDIS_URL` then has the name of the primary in place of a host: `redis://user:password@mymaster`.",
    ),
  LOGTO_ENDPOINT: webAddress
    .refine(
      (value) => !/\/oidc(\/|$)/i.test(value),
      says(
        phrase`holds the path of an OIDC endpoint`,
        phrase`write the part before /oidc, such as https://tenant.logto.app`,
      ),
    )
    .optional()
    .describe(
      'Logto endpoint, such as `https://tenant.logto.app`. With none of the three `LOGTO_` settings set, the sandbox starts.',
    ),
  LOGTO_APP_ID: z.string().optional().describe('App ID of the Traditional web application in Logto.'),
  LOGTO_APP_SECRET: z.string().optional().describe('App secret of the same application.'),
  LOGTO_TIMEOUT_SECONDS: seconds(5)
    .default(5)
    .describe('Limit of each call to Logto, in seconds. Default: `5`.'),
  REFRESH_GRACE_SECONDS: duration(900, { least: 0 })
    .default(900)
    .describe(
      'Seconds a session is kept while Logto cannot renew its tokens; then the person has to sign in again. Default: `900`.',
    ),
  LOGTO_CHECK_SECONDS: duration(300, { least: 0 })
    .default(300)
    .describe(
      "Seconds between two looks whether Logto still takes a session's access token, while somebody uses it; 0 for none. Default: `300`.",
    ),
  LOGTO_OFFLINE_ACCESS: z
    .enum(
      ['true', 'false'],
      says(phrase`is neither true nor false`, phrase`write true, or false, or leave it out`),
    )
    .default('true')
    .describe(
      "Whether tokens outlive the person's session at Logto (`offline_access`). With `false` they end with it; *Always issue refresh token* must then be on for the application in Logto. Default: `true`.",
    ),
  LOGTO_WEBHOOK_SIGNING_KEY: webhookKey
    .optional()
    .describe(
      'Key that Logto signs its webhook deliveries with; written by provision. Without it the app refuses them. `none` if Logto is to send none.',
    ),
  COMPANY_HOOK_KEY: secrets
    .refine(
      (list) => list.every((key) => key.length >= 32),
      says(phrase`has a key that is shorter than 32 characters`, makeSecret),
    )
    .optional()
    .describe(
      "Makes each company's secret for its Okta's event hook; at least 32 random characters, written by provision. A comma list rotates: the first makes secrets, those of all are accepted. Without it the app refuses the deliveries.",
    ),
  API_RESOURCE: resourceIndicator
    .optional()
    .describe(
      'Identifier of this app as an API resource in Logto, such as `https://api.example.com`; provision registers it. Without it the app takes no access tokens.',
    ),
  SSO_CONNECTORS: connectors
    .optional()
    .describe(
      'The companies whose people go straight to their own sign-in, as one line of JSON; written by provision: `[{"id":"<connector ID>","name":"Acme","issuer":"https://acme.okta.com","domains":["acme.com"]}]`. Without it no email leads there, and no tile.',
    ),
  COMPANIES_FILE: z
    .string()
    .default('.companies.json')
    .describe(
      'File of the companies that come, change and go while the app runs; beside `.env`, and only its owner may read it. Where sessions live in Redis, companies do too, and no file is read. Default: `.companies.json`.',
    ),
  RATE_LIMIT: rate(600)
    .default(600)
    .describe(
      'Sign-ins that one address may begin in a minute, and refused requests it may send to each of `/callback` and the addresses that Logto and companies call; 0 for no limit. Default: `600`.',
    ),
  TRUST_PROXY: trustedProxies
    .optional()
    .describe(
      'Proxies before the app: how many, or a comma list of their addresses. Default: none is trusted.',
    ),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      says(phrase`is not a level`, phrase`write one of fatal, error, warn, info, debug, trace, silent`),
    )
    .default('info')
    .describe('Lowest level that is logged. Default: `info`.'),
  LOG_FORMAT: z
    .enum(['json', 'text'], says(phrase`is not a format`, phrase`write json, or text, or leave it out`))
    .optional()
    .describe(
      'How the demo writes its log: `json`, a line each for machines, or `text` for people. Default: `json` in production, else `text`.',
    ),
  METRICS_PORT: port(9464)
    .optional()
    .describe(
      'Port of its own on which the demo serves `GET /metrics` for Prometheus, such as `9464`. Default: none is served.',
    ),
  SANDBOX_LOGTO_PORT: port(3001).default(3001).describe("Port of the sandbox's Logto. Default: `3001`."),
  SANDBOX_OKTA_PORT: port(3002).default(3002).describe("Port of the sandbox's Okta. Default: `3002`."),
  NODE_ENV: environmentName
    .default('development')
    .describe(
      '`production`, like every other name but `development` and `test`, switches the sandbox off and the strict rules on. Default: `development`.',
    ),
})

export type Settings = z.output<typeof settings>
