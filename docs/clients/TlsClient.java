// SPDX-License-Identifier: LGPL-2.1-or-later
// Fetches a page with the key of a PKCS #11 token: java TlsClient.java CONFIGURATION URL.
// The PIN is asked for at the terminal, or read from the standard input.
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

public class TlsClient {
    public static void main(String[] arguments) throws Exception {
        Provider card = Security.getProvider("SunPKCS11").configure(arguments[0]);
        Security.addProvider(card);
        KeyStore store = KeyStore.getInstance("PKCS11", card);
        store.load(null, pin());

        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, null);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsURLConnection connection = (HttpsURLConnection) new URL(arguments[1]).openConnection();
        connection.setSSLSocketFactory(context.getSocketFactory());
        connection.getInputStream().transferTo(System.out);
    }

    private static char[] pin() throws IOException {
        if (System.console() != null)
            return System.console().readPassword("PIN: ");
        return new BufferedReader(new InputStreamReader(System.in)).readLine().toCharArray();
    }
}
