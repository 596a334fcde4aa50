// Each value that belongs into a provider's console gets a button that copies it. Without script it is selected by a click.
for (const value of document.querySelectorAll('[data-copy]')) {
  const { copy, copied } = value.dataset
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button copy'
  button.textContent = copy
  const text = value.querySelector('code')?.textContent ?? ''
  button.setAttribute('aria-label', `${copy}: ${text}`)
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      // Browsers refuse where the page is reached by plain http, and then the selection can be copied by hand.
      getSelection()?.selectAllChildren(value.querySelector('code'))
      return
    }
    button.textContent = copied
    setTimeout(() => {
      button.textContent = copy
    }, 2000)
  })
  value.append(button)
}
