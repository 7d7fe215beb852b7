// What the bot says. Nothing here calls anybody: an event goes in, and messages of the Send API come out.

const GOODS = {
  BREAD: { name: 'bread', offer: 'A loaf of bread is 4 euros.', picture: 'https://bakery.example/bread.jpg', minutes: 20 },
  CAKE: { name: 'cake', offer: 'A piece of cake is 3 euros.', picture: 'https://bakery.example/cake.jpg', minutes: 5 },
};

/** What the page shows before anybody has written anything: the bot sets it when it starts. */
export const PROFILE = {
  greeting: [{ locale: 'default', text: 'Fresh bread and cake, every day.' }],
  getStarted: { payload: 'START' },
  persistentMenu: [
    {
      locale: 'default',
      composerInputDisabled: false,
      callToActions: [
        { type: 'postback', title: 'Our goods', payload: 'START' },
        { type: 'postback', title: 'Talk to a human', payload: 'HUMAN' },
      ],
    },
  ],
};

/**
 * The answers to one item of `entry.messaging`, in their order; none where the bot has nothing to say, as to echoes of its own messages,
 * deliveries and reads. `appId` is the bot's own id, and `firstName` finds out how the person is called.
 */
export async function answersTo(event, { appId, firstName }) {
  const { message, postback, pass_thread_control: pass } = event;
  if (pass) return String(pass.new_owner_app_id) === appId ? [{ message: ask('I am back.') }] : [];
  if (postback) return toChoice(postback.payload, firstName);
  if (!message || message.is_echo) return [];
  if (message.quick_reply) return toChoice(message.quick_reply.payload, firstName);
  if (message.attachments?.some(({ type }) => type === 'image')) return [{ message: { text: 'Thank you for the picture!' } }];
  if (message.text?.trim().toLowerCase() === 'human') return toChoice('HUMAN', firstName);
  return toChoice('START', firstName);
}

async function toChoice(payload, firstName) {
  if (payload === 'START') {
    const name = await firstName();
    return [{ message: ask(name ? `Hello, ${name}!` : 'Hello!') }];
  }
  // Without an app id, control goes to the page's default app, after the message: one call, so nobody can slip in between.
  if (payload === 'HUMAN') return [{ message: { text: 'One moment, a colleague will answer you.' }, thenPass: true }];
  if (Object.hasOwn(GOODS, payload)) return [{ message: pictureOf(GOODS[payload]) }, { message: offer(payload) }];
  const ordered = payload?.replace(/^ORDER_/, '');
  if (Object.hasOwn(GOODS, ordered)) {
    const { name, minutes } = GOODS[ordered];
    return [{ message: { text: `Thank you! Your ${name} is ready in ${minutes} minutes.` } }];
  }
  return []; // the button of another app, whose payload we do not get or do not know
}

function ask(greeting) {
  const choices = [['Bread', 'BREAD'], ['Cake', 'CAKE'], ['Talk to a human', 'HUMAN']];
  const quickReplies = choices.map(([title, payload]) => ({ contentType: 'text', title, payload }));
  return { text: `${greeting} What would you like?`, quickReplies };
}

function pictureOf({ picture }) {
  return { attachment: { type: 'image', payload: { url: picture, isReusable: true } } };
}

function offer(payload) {
  const buttons = [{ type: 'postback', title: `Order ${GOODS[payload].name}`, payload: `ORDER_${payload}` }];
  return { attachment: { type: 'template', payload: { templateType: 'button', text: GOODS[payload].offer, buttons } } };
}
