import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FilesRunCommands } from './files-run/serve.ts'
import { Child } from './processes/child.ts'

/** How many files a reader has to open at most to follow one request. */
const limits = { signIn: 13, callback: 20, page: 10 } as const

describe('the files of which a function runs while one request is answered', () => {
  let child: Child<FilesRunCommands>
  let files: Record<keyof typeof limits, string[]>
  beforeAll(async () => {
    child = new Child('files-run/serve.ts')
    files = await child.ask('count')
  })
  afterAll(() => child.stop())

  it.each(Object.entries(limits) as Array<[keyof typeof limits, number]>)(
    'request, for %s, runs at most %i',
    (request, limit) => {
      const own = {
        signIn: 'sso/sign-in/sign-in.ts',
        callback: 'sso/callback/callback.ts',
        page: 'sso/request.ts',
      }
      expect(files[request]).toContain(own[request])
      expect(files[request].length, files[request].join('\n')).toBeLessThanOrEqual(limit)
    },
  )
})
