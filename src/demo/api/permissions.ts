/** The permission of the demo's API that its guards ask for. */
export const READ_NOTES = 'read:notes'
