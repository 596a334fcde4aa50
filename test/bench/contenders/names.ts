/** Whoever is measured; each has a file of its name in this folder. */
export const contenderNames = [
  'bare',
  'express-session',
  'logto-express',
  'express-openid-connect',
  'app',
  'host',
] as const

export type ContenderName = (typeof contenderNames)[number]

/** The contenders as the table calls them. */
export const titles: Readonly<Record<ContenderName, string>> = {
  bare: 'bare Express 5 + EJS',
  'express-session': 'Express + `express-session`',
  'logto-express': '`@logto/express`',
  'express-openid-connect': '`express-openid-connect`',
  app: '**this app**',
  host: '**a host with the package**',
}

/** Where a sign-in begins; bare Express has none. */
export const signInPaths: Readonly<Record<Exclude<ContenderName, 'bare'>, string>> = {
  'express-session': '/sign-in',
  'logto-express': '/logto/sign-in',
  'express-openid-connect': '/login',
  app: '/sign-in',
  host: '/sign-in',
}
