// A shop's bot on Bottender: it offers a choice, takes orders, and hands over to a person.
const { chain } = require('bottender');
const { router, messenger, text, payload } = require('bottender/router');

// Threads of other apps are none of the bot's business; Bottender hands them over like its own.
async function Standby(context, { next }) {
  if (!context.event.isStandby) return next;
}

// Echoes, deliveries and reads are told too, and want no answer.
async function Told(context, { next }) {
  const { isEcho, isDelivery, isRead, isTakeThreadControl } = context.event;
  if (!isEcho && !isDelivery && !isRead && !isTakeThreadControl) return next;
}

async function Menu(context) {
  await context.markSeen();
  await context.typingOn();
  await context.sendText(`Hello ${context.session.user.firstName}, what would you like?`, {
    quickReplies: [
      { contentType: 'text', title: 'Tulips', payload: 'TULIPS' },
      { contentType: 'text', title: 'A person', payload: 'PERSON' },
    ],
  });
}

async function Tulips(context) {
  await context.sendButtonTemplate('Red or white?', [
    { type: 'postback', title: 'Red', payload: 'RED' },
    { type: 'postback', title: 'White', payload: 'WHITE' },
  ]);
}

// Not in Bottender's session: an event that is handled meanwhile, such as an echo, would write an older session over this one.
const orders = new Map();

async function Ordered(context) {
  const person = context.session.user.id;
  orders.set(person, (orders.get(person) ?? 0) + 1);
  await context.sendText(`${context.event.postback.title} tulips it is. Orders so far: ${orders.get(person)}`);
}

async function Person(context) {
  await context.sendText('One moment, please');
  await context.passThreadControl(Number(process.env.DESK_ID), 'wants a person');
}

async function Back(context) {
  await context.sendText(`I am back. The owner is ${(await context.getThreadOwner()).appId}`);
}

const answers = router([
  messenger.passThreadControl(Back),
  payload('TULIPS', Tulips),
  payload(/^(RED|WHITE)$/, Ordered),
  payload('PERSON', Person),
  text('*', Menu),
]);

module.exports = async function App() {
  return chain([Standby, Told, answers]);
};
