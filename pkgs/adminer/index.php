<?php
// Adminer, with the server of ADMINER_DEFAULT_SERVER and the kind of ADMINER_DEFAULT_DRIVER filled in.
chdir(__DIR__ . '/adminer');

function adminer_object(): object
{
    return new class extends Adminer\Adminer {
        public function loginFormField(string $name, string $heading, string $value): string
        {
            $server = htmlspecialchars(getenv('ADMINER_DEFAULT_SERVER') ?: '', ENT_QUOTES);
            $driver = preg_quote(getenv('ADMINER_DEFAULT_DRIVER') ?: '', '~');
            if ($name === 'server') {
                $value = str_replace('name="auth[server]" value=""', "name=\"auth[server]\" value=\"$server\"", $value);
            } elseif ($name === 'driver' && $driver !== '' && !isset($_GET['username'])) {
                $value = preg_replace('~ selected~', '', $value);
                $value = preg_replace("~<option value=(['\"])$driver\\1~", '$0 selected', $value);
            }
            return parent::loginFormField($name, $heading, $value);
        }
    };
}

require __DIR__ . '/adminer/index.php';
