import { Prompt } from '@logto/express'
import type { SignInOptions } from '@logto/node'
import type { Request } from 'express'
import { z } from 'zod'
import { AppError } from '../http/app-error.ts'

/** The SDK's own options that a link to `/sign-in` may set. */
export type RequestedOptions = Pick<
  SignInOptions,
  'firstScreen' | 'loginHint' | 'directSignIn' | 'identifiers' | 'prompt' | 'extraParams'
>

const firstScreens = [
  'sign_in',
  'register',
  'reset_password',
  'single_sign_on',
  'identifier:sign_in',
  'identifier:register',
  'signIn',
] as const
const identifiers = ['email', 'phone', 'username'] as const
const prompts = Object.values(Prompt)

/** A list of words between single spaces, each of them allowed. */
const wordsOf = <Word extends string>(allowed: readonly [Word, ...Word[]]) =>
  z
    .string()
    .transform((value) => value.split(' '))
    .pipe(z.array(z.enum(allowed)))

const parameters = {
  first_screen: { schema: z.enum(firstScreens), allowed: firstScreens.join(', ') },
  login_hint: {
    schema: z
      .string()
      .max(320)
      .regex(/^\P{Cc}+$/u),
    allowed: 'an email address, a phone number or a username',
  },
  direct_sign_in: {
    schema: z
      .string()
      .regex(/^(sso|social):[\w-]{1,128}$/)
      .transform((value) => {
        const [method, target = ''] = value.split(':')
        return { method: method === 'sso' ? ('sso' as const) : ('social' as const), target }
      }),
    allowed: 'sso:<connector ID>, social:<connector target>',
  },
  identifier: {
    schema: wordsOf(identifiers),
    allowed: `${identifiers.join(', ')}, or several of them with a space between`,
  },
  // OpenID Connect Core 1.0 §3.1.2.1: `none` stands alone.
  prompt: {
    schema: wordsOf(prompts as [Prompt, ...Prompt[]]).refine(
      (words) => words.length === 1 || !words.includes(Prompt.None),
    ),
    allowed: `${prompts.join(', ')}, or login and consent with a space between`,
  },
  ui_locales: {
    schema: z
      .string()
      .max(128)
      .refine((value) => value.split(' ').every(isLanguageTag)),
    allowed: 'language tags with a space between, such as en or ja-JP',
  },
}

/** What these options are called in a link. */
export const optionNames = Object.keys(parameters)

function isLanguageTag(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value).length === 1
  } catch {
    return false
  }
}

/**
 * Logto's sign-in options from a request's query.
 *
 * @param query the parsed query; parameters it does not know are left alone
 * @returns options for the SDK's `signIn`
 * @throws AppError 400 that names the parameter and what it may be
 */
export function signInOptions(query: Readonly<Record<string, unknown>>): RequestedOptions {
  const firstScreen = read('first_screen', query)
  const loginHint = read('login_hint', query)
  const directSignIn = read('direct_sign_in', query)
  const identifier = read('identifier', query)
  const prompt = read('prompt', query)
  const uiLocales = read('ui_locales', query)
  return {
    ...(firstScreen && { firstScreen }),
    ...(loginHint && { loginHint }),
    ...(directSignIn && { directSignIn }),
    ...(identifier && { identifiers: identifier }),
    ...(prompt && { prompt }),
    ...(uiLocales && { extraParams: { ui_locales: uiLocales } }),
  }
}

type Parameters = typeof parameters

function read<Name extends keyof Parameters>(
  name: Name,
  query: Readonly<Record<string, unknown>>,
): z.output<Parameters[Name]['schema']> | undefined {
  const value = query[name]
  if (value === undefined) return undefined
  const { schema, allowed } = parameters[name]
  const result = schema.safeParse(value)
  if (result.success) return result.data as z.output<Parameters[Name]['schema']>
  throw new AppError({
    status: 400,
    code: 'unknown_sign_in_option',
    params: { name, allowed },
  })
}

/**
 * What a third-party-initiated login says.
 *
 * @returns the issuer, undefined where this is none; and where it wants to lead
 * @throws AppError 400 for a parameter that is there more than once (RFC 6749 §3.1)
 */
export function initiatedLogin({ query }: Request): { iss?: string; target?: string } {
  const iss = single(query.iss, 'iss')
  if (iss === undefined) return {}
  const target = single(query.target_link_uri, 'target_link_uri')
  return { iss, ...(target !== undefined && { target }) }
}

function single(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw repeated(name)
}

/** @param name of a parameter that is there more than once */
export const repeated = (name: string) =>
  new AppError({ status: 400, code: 'parameter_repeated', params: { name } })
