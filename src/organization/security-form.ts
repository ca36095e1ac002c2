import { FACTOR_RULES } from '../auth/rules.ts'
import { defineForm, field } from '../web/form.ts'
import { numberInput, optionalText, selectInput } from '../web/inputs.ts'

/** Organization > Organization > Security. */
export const securityForm = defineForm({
  secondFactor: field(selectInput(FACTOR_RULES, 'Choose one of the list.'), {
    label: 'Second factor',
    input: 'select',
    options: [
      { value: 'offered', label: 'Offered to everyone' },
      { value: 'rights', label: 'Demanded of those who post or reveal' },
      { value: 'everyone', label: 'Demanded of everyone' },
    ],
    hint: 'Who must show a code of an authenticator app when signing in. Demanded: without one, nothing opens but the page that sets it up.',
  }),
  idleMinutes: field(numberInput({ min: 5, max: 30 }), {
    label: 'Idle minutes',
    input: 'number',
    size: 'xxs',
    hint: 'A session ends when nobody works in it for so long, from 5 to 30. It ends after 12 hours in any case.',
  }),
  sessionsPerUser: field(numberInput({ min: 1, max: 10 }), {
    label: 'Sessions per user',
    input: 'number',
    size: 'xxs',
    hint: 'Places at which one person may be signed in, from 1 to 10. One more, and the oldest ends.',
  }),
  seen: field(optionalText(2000), { label: '', input: 'hidden' }),
})
