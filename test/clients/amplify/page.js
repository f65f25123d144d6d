// What a web site's own script does with AWS Amplify's analytics; it tells the site (`/done`) when everything is sent.
import { flushEvents, record } from '@aws-amplify/analytics/personalize';
import { Amplify } from '@aws-amplify/core';

const failed = ({ reason, message }) => fetch('/failed', { method: 'POST', body: String(reason ?? message) });
addEventListener('error', failed);
addEventListener('unhandledrejection', failed);

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** Each call is on its way before the next, as with a person who clicks. */
const recorded = async (event) => {
  record(event);
  await pause(50);
};

const { trackingId, ...credentials } = Object.fromEntries(new URLSearchParams(location.search));
Amplify.configure(
  { Analytics: { Personalize: { trackingId, region: 'us-east-1', flushSize: 5, flushInterval: 200 } } },
  {
    Auth: {
      credentialsProvider: {
        getCredentialsAndIdentityId: async () => ({ credentials, identityId: 'us-east-1:visitor' }),
        clearCredentialsAndIdentityId: () => {},
      },
    },
  },
);

await recorded({ eventType: 'view', properties: { itemId: 'before-sign-in' } });
flushEvents();
await pause(500);
await recorded({ eventType: 'Identify', properties: { userId: 'visitor-1' } });
for (const itemId of ['i1', 'i2', 'i3']) {
  await recorded({ eventType: 'view', properties: { itemId, eventValue: 0.25, device: 'phone' } });
}
await recorded({ eventType: 'purchase', properties: { itemId: 'i2' }, eventId: 'order-1' });
flushEvents();
await pause(1000);
await fetch('/done', { method: 'POST' });
