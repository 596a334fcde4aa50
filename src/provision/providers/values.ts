import type { FieldFault, FieldName, Provider, Values } from './provider.ts'

/**
 * Checks what somebody has entered for a provider.
 *
 * @param typed by field, as typed; what is blank counts as not entered, and what is no field of this provider is left out
 * @returns the values as they are kept, or every fault, the first of each field
 */
export function readValues(
  provider: Provider,
  typed: Readonly<Partial<Record<FieldName, string | undefined>>>,
): { values: Values } | { faults: readonly FieldFault[] } {
  const values: Partial<Record<FieldName, string>> = {}
  const faults: FieldFault[] = []
  for (const { name, required, read } of provider.fields) {
    const text = typed[name]?.trim()
    if (!text) {
      if (required) faults.push({ field: name, ...notEntered })
      continue
    }
    const value = read(text)
    if (typeof value === 'string') values[name] = value
    else faults.push({ field: name, ...value })
  }
  if (faults.length > 0) return { faults }
  const together = provider.faultsTogether(values)
  return together.length > 0 ? { faults: together } : { values }
}

const notEntered = {
  problem: { en: 'is not entered', ja: 'が入力されていません' },
  fix: {
    en: 'enter it; what is said of the field tells where it stands in the console',
    ja: '入力してください。コンソールのどこにあるかは、この項目の説明にあります',
  },
}
