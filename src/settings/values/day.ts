const shape = /^\d{4}-\d\d-\d\d$/

/** Whether a text is written as a day is: `2027-03-31`. */
export const looksLikeDay = (text: string): boolean => shape.test(text)

/**
 * A day of the calendar. One past the end of its month counts on into the next, as `Date` has it.
 *
 * @param text such as `2027-03-31`
 * @returns the same text; undefined for what is no day, such as one of a thirteenth month
 */
export const dayFrom = (text: string): string | undefined =>
  looksLikeDay(text) && !Number.isNaN(Date.parse(text)) ? text : undefined
