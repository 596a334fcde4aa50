import { readFileSync } from 'node:fs'
import type { Catalogue, OwnWords } from '../sso/index.ts'

const catalogue = (language: string): Catalogue =>
  JSON.parse(readFileSync(new URL(`../../views/portal/locales/${language}.json`, import.meta.url), 'utf8'))

/** The words of the portal's own pages, which join those of the sign-in's. */
export const portalWords: OwnWords = { en: catalogue('en'), ja: catalogue('ja') }
