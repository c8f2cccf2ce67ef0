import { partsOf } from './template-body.ts';
import { escapeFor } from './template-channel.ts';
import type { TemplateName } from './template-name.ts';

/** What the SDK says where nobody has written anything else: plain text by language and key. */
const texts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  en: {
    booking_requested:
      'Thank you, {candidate}! You asked for {date} at {time} ({timeZone}) with {recruiter}. We will let you know as soon as it is confirmed.',
    booking_approved:
      'Your interview with {recruiter} is booked: {date} at {time} ({timeZone}). Please confirm that you will come.',
    booking_rejected:
      'We are sorry, {candidate}: {date} at {time} is not possible. Please choose another time.',
    booking_confirmed: 'Thank you! We are looking forward to seeing you on {date} at {time} ({timeZone}).',
    booking_canceled: 'Your interview on {date} at {time} was canceled.',
    booking_rescheduled: 'Your interview with {recruiter} has moved to {date} at {time} ({timeZone}).',
    booking_reminder: 'A reminder: your interview with {recruiter} is on {date} at {time} ({timeZone}).',
    booking_offer:
      '{recruiter} offers you an interview on {date} at {time} ({timeZone}). Please accept or decline.',
  },
  ru: {
    booking_requested:
      'Спасибо, {candidate}! Вы выбрали {date} в {time} ({timeZone}), рекрутер: {recruiter}. Мы сообщим, когда время будет подтверждено.',
    booking_approved:
      'Собеседование назначено: {date} в {time} ({timeZone}), рекрутер: {recruiter}. Пожалуйста, подтвердите, что придёте.',
    booking_rejected:
      'К сожалению, {candidate}, {date} в {time} не получится. Пожалуйста, выберите другое время.',
    booking_confirmed: 'Спасибо! Ждём вас {date} в {time} ({timeZone}).',
    booking_canceled: 'Собеседование {date} в {time} отменено.',
    booking_rescheduled: 'Собеседование перенесено на {date} в {time} ({timeZone}), рекрутер: {recruiter}.',
    booking_reminder: 'Напоминаем: собеседование {date} в {time} ({timeZone}), рекрутер: {recruiter}.',
    booking_offer:
      'Вам предлагают собеседование {date} в {time} ({timeZone}), рекрутер: {recruiter}. Пожалуйста, примите или отклоните.',
  },
};

/** The keys there is a text for in every built-in language. */
export const builtInTemplateKeys: readonly string[] = Object.keys(texts['en'] ?? {});

/** The built-in text in the language of the locale, as a body for the channel. */
export function builtInBody({ key, locale, channel }: TemplateName): string | undefined {
  const language = locale.split('-', 1)[0] ?? locale;
  const inLanguage = Object.hasOwn(texts, language) ? texts[language] : undefined;
  const plain = inLanguage !== undefined && Object.hasOwn(inLanguage, key) ? inLanguage[key] : undefined;
  if (plain === undefined || channel === 'plain') return plain;
  // Nobody has written it for this channel, so its own punctuation must not become markup.
  const parts = partsOf(plain).unwrapOr([]);
  return parts
    .map((part) =>
      'text' in part ? escapeFor(channel, part.text).replace(/[{}]/g, '$&$&') : `{${part.variable}}`,
    )
    .join('');
}
