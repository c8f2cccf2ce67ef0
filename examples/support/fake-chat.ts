/** Somebody who writes to the bot. Telegram ids do not always fit a JavaScript integer, so they are text. */
export interface User {
  readonly id: string;
  readonly name: string;
}

export interface Reply {
  readonly text: string;
  /** Label and callback data of each button under the text. */
  readonly buttons: readonly (readonly [label: string, data: string])[];
}

type Handler = (user: User, argument: string) => Promise<Reply>;

/** A chat network in memory, with the part of a bot library's interface that the example needs. */
export class FakeChat {
  readonly #commands = new Map<string, Handler>();
  readonly #buttons = new Map<string, Handler>();

  onCommand(name: string, handler: Handler): void {
    this.#commands.set(name, handler);
  }

  /** Buttons carry `name:argument` as callback data. */
  onButton(name: string, handler: Handler): void {
    this.#buttons.set(name, handler);
  }

  /** What a user sends, and what comes back. */
  async send(user: User, message: string): Promise<Reply> {
    const command = message.startsWith('/');
    const [name = '', argument = ''] = message.replace('/', '').split(':');
    const handler = (command ? this.#commands : this.#buttons).get(name);
    const reply = (await handler?.(user, argument)) ?? { text: 'What do you mean?', buttons: [] };
    console.log(`${user.name} ${command ? 'writes' : 'presses'} ${message}`);
    console.log(`   bot: ${reply.text}${reply.buttons.map(([label]) => ` [${label}]`).join('')}`);
    return reply;
  }
}
