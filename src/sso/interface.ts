import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import type { Account, Company } from './account/account.ts'
import type { requireOrganization } from './guards/require-organization.ts'
import type { requireScope } from './guards/require-scope.ts'
import type { Claims } from './logto/verify/id-token.ts'
import type { Access, AccessOptions } from './request.ts'
import type { SignedInFrom } from './session/session-data.ts'
import type { PageLocals } from './views/views.ts'

/** Signing in, for an Express app. */
export interface SingleSignOn {
  /**
   * Answers `/sign-in`, `/callback`, `/sign-out` and the other addresses of ours, and finds out who is there for
   * everything behind it. Mounted where `BASE_URL` says: with `app.use(sso.routes)`, unless that has a path.
   */
  readonly routes: RequestHandler
  /** Answers what the guards refuse, as a page or as JSON. What else it answers, the option `errors` says. */
  readonly errors: ErrorRequestHandler
  /** Whoever is signed in; undefined for a stranger. */
  readonly accountOf: (req: Request) => Account | undefined
  /** The company they come from, for a tenancy of the app's own; without a call to anybody. */
  readonly companyOf: (req: Request) => Company | undefined
  /** The claims of the same. */
  readonly personOf: (req: Request) => Claims | undefined

  /** Lets only signed-in people through. See `guards/require-sign-in.ts`. */
  readonly requireSignIn: RequestHandler
  /** Makes a guard that lets through who is signed in or brings an access token. See `guards/require-access.ts`. */
  readonly requireAccess: (options?: AccessOptions) => RequestHandler
  /** Who asks, behind `requireSignIn` or `requireAccess`. */
  readonly accessOf: (req: Request) => Access
  /** Makes a guard for behind `requireAccess`. See `guards/require-scope.ts`. */
  readonly requireScope: typeof requireScope
  /** Makes a guard for behind `requireSignIn` or `requireAccess`. See `guards/require-organization.ts`. */
  readonly requireOrganization: typeof requireOrganization
  /** Lets only forms through that a page of this origin sent. Raises a 403 for another's. */
  readonly requireSameOrigin: RequestHandler

  /** What Logto says of whoever is signed in now; undefined where it does not answer. Behind `requireSignIn`. */
  readonly userInfo: (req: Request) => Promise<Claims | undefined>
  /** The claims of their organization token. Behind `requireSignIn`. See `organization-claims.ts`. */
  readonly organizationClaims: (
    req: Request,
    organizationId: string,
  ) => Promise<Readonly<Record<string, unknown>>>
  /** Their sessions in all browsers. Behind `requireSignIn`. */
  readonly sessions: OwnSessions
  /** Ends all of these, and sends the browser on to end Logto's session. Behind `requireSignIn` and `requireSameOrigin`. */
  readonly signOutEverywhere: (req: Request, res: Response) => Promise<void>
  /** What a sign-out of this browser has ended just now, for the home page to say; undefined where there was none. */
  readonly signedOut: (req: Request, res: Response) => SignedOut | undefined
  /** The company this browser went to sign in at, and has not come back from, for the home page to offer a way on. */
  readonly unfinished: (req: Request) => UnfinishedSignIn | undefined
  /** Whether Logto lets new people register, as far as is known. */
  readonly canSignUp: () => boolean

  /** Absolute addresses to link to. */
  readonly links: Links
  /** What a page needs to look and speak as ours do: words, times, the language's switch, the style. */
  readonly view: (req: Request) => PageLocals<Account>
  /** Lets a form of this one answer lead to `/sign-in`, which a content security policy would forbid. */
  readonly allowSignInForm: (res: Response) => void
  /** The security headers of our own pages, for an app that sets none. */
  readonly securityHeaders: RequestHandler
  /** Writes a line for each request, without queries, for an app that has no such log. To be mounted first. */
  readonly requestLog: RequestHandler
  /**
   * Says once that requests arrive without the path of BASE_URL, where it has one, or with it twice. To be mounted last, at
   * the root.
   */
  readonly pathHint: RequestHandler
  /** Has what goes wrong behind it be answered in JSON, whatever the request accepts. */
  readonly jsonErrors: RequestHandler

  /** Whether sessions can be read and begun now, for an orchestrator's readiness probe; within a second. */
  readonly ready: () => Promise<boolean>
  /** Disconnects from Redis, if need be. */
  readonly close: () => Promise<void>
}

export interface Links {
  readonly home: string
  readonly signIn: string
  readonly signUp: string
  readonly signOut: string
  readonly language: string
}

/** What a sign-out has ended, and may have left alive. */
export interface SignedOut {
  /** Whether Logto has brought the person back, its session ended. */
  readonly atLogto: boolean
  /** Whether it ended the person's sessions here in all browsers, not in this one alone. */
  readonly everywhere: boolean
  /** The company's sign-in that may still know the person; undefined if there is none we know of. */
  readonly company: { readonly name: string; readonly id: string } | undefined
  /** Where to end that too. */
  readonly signOutUrl: string | undefined
}

/** A sign-in at a company that this browser has begun and not finished. */
export interface UnfinishedSignIn {
  readonly company: string
  /** Where to begin it once more. */
  readonly retryUrl: string
  /** Where to end the company's session; undefined where its provider has no such page. */
  readonly signOutUrl: string | undefined
}

/** One of a person's sessions. */
export interface OwnSession extends SignedInFrom {
  /** Its name: what `end` takes, and what logs call it. It opens nothing. */
  readonly reference: string
  /** Whether it is the one that asks. */
  readonly isThis: boolean
  readonly since: Date
  /** When it was used last; to a few minutes, except for the one that asks. */
  readonly lastSeen: Date
  readonly until: Date
}

/** The sessions of whoever is signed in, for a page behind `requireSignIn`. All of it raises an AppError 503 while the store is away. */
export interface OwnSessions {
  /** This one first, then the youngest. */
  readonly list: (req: Request) => Promise<OwnSession[]>
  /** Ends some. @throws AppError 404, with none ended, for a reference that is none of the person's own */
  readonly end: (req: Request, res: Response, ...references: string[]) => Promise<void>
  /** Ends all but this one. */
  readonly endOthers: (req: Request) => Promise<void>
}
