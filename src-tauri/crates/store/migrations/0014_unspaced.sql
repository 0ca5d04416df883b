-- Words in Chinese, Japanese and Korean were one token from one sign to the next. The program puts them
-- in anew, each character a token, and drops this list then.
CREATE TABLE words_before (
    text INTEGER PRIMARY KEY
) STRICT;
INSERT INTO words_before
SELECT DISTINCT text FROM recipe WHERE facts GLOB '*[⺀-ㇿ㐀-䶿一-鿿가-힯豈-﫿ｦ-ﾟ𠀀-𯿿]*';
