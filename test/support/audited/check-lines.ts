import { afterEach, expect } from 'vitest'
import { faults, heard } from './heard.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** The audit events that the tests of a file have seen. */
    heard?: string[]
  }
}

afterEach(({ task }) => {
  task.file.meta.heard = [...heard]
  expect(faults.splice(0), 'audit lines').toEqual([])
})
