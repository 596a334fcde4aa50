import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { auditLine } from '../../../src/audit/events.ts'

/**
 * Fails a whole run of the short tests in which an event of the audit log was not written, or a session not ended by
 * each of what ends one: a line that no test has seen was never held to the schema.
 */
export class EachEventIsWritten implements Reporter {
  #vitest: Vitest | undefined

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  async onTestRunEnd(modules: readonly TestModule[], _errors: unknown, reason: string): Promise<void> {
    const all = (await this.#vitest?.globTestSpecifications()) ?? []
    const isWhole = modules.length >= all.length && !this.#vitest?.config.testNamePattern
    if (reason !== 'passed' || !isWhole || process.env.TEST_LONG === 'true') return
    const heard = new Set(modules.flatMap((module) => module.meta().heard ?? []))
    const words = auditLine.options.flatMap(({ shape }) => [
      `audit: ${shape.audit.value}`,
      ...('by' in shape ? shape.by.options.map((word) => `by: ${word}`) : []),
    ])
    const unheard = words.filter((each) => !heard.has(each))
    if (unheard.length === 0) return
    process.exitCode = 1
    this.#vitest?.logger.error(`No test writes these into the audit log: ${unheard.join(', ')}`)
  }
}
